// Owners for the benchmarks: the same ones for every number, on every machine, from no one's life.
// Each owner is a line of an owner ledger (a house, a person, a tenure, for four in ten a car) and, for the peers, one
// object with the same values. Cases and paper answers come beside them. This module is read by Node and by the pages alike.

const SURNAMES = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章'];
const GIVEN = [...'明兰玉梅建平国华文静丽强伟芳敏军杰娟勇艳涛秀英霞桂香红波宁浩宇轩思涵子怡欣然雨晨佳琪俊凯雪松鹏飞'];
const PROJECTS = ['四季花城', '金色家园', '城市花园', '万科星园', '东海岸', '云山小城', '湖畔人家', '青林径', '翡翠湾', '阳光新苑'];
const LAYOUTS = ['一房', '两房', '三房', '四房', '复式'];
const FIT_OUTS = ['毛坯', '精装'];
const CHANNELS = ['网络', '路过', '活动', '介绍', '广告'];
const REGIONS = ['440303', '440106', '310115', '110105', '330106', '510107', '420106', '430102'];
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';

/** Headings of the ledger, in the order of the cells. */
export const HEADINGS = [
  '项目名称', '楼栋', '单元', '楼层', '房号', '户型', '建筑面积(㎡)', '装修标准', '业主姓名', '证件类型', '证件号码', '手机号码',
  '产权比例(%)', '签约日期', '合同总价(元)', '交付日期', '车牌号', '认知途径', '备注',
];

/** Names of the peers' fields, in the same order. */
export const FIELDS = [
  'project', 'building', 'unit', 'floor', 'room', 'layout', 'area', 'fitOut', 'name', 'documentKind', 'documentNumber', 'phone',
  'share', 'signedOn', 'price', 'deliveredOn', 'plate', 'channel', 'remark',
];

const two = (number) => String(number).padStart(2, '0');

/** Numbers that look drawn and are the same each time (mulberry32 on the owner's number). */
function draws(seed) {
  let state = (seed * 2654435761) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** The cells of owner `number`, from 0. Every owner has a house and an identity number of their own. */
export function cells(number) {
  const draw = draws(number + 1);
  // 10 projects × 50 buildings × 2 units × 25 floors × 4 rooms: a house for each of 100,000.
  const project = PROJECTS[number % 10];
  let rest = Math.floor(number / 10);
  const room = (rest % 4) + 1;
  rest = Math.floor(rest / 4);
  const floor = (rest % 25) + 1;
  rest = Math.floor(rest / 25);
  const unit = (rest % 2) + 1;
  const building = Math.floor(rest / 2) + 1;
  const name = SURNAMES[draw(SURNAMES.length)] + GIVEN[draw(GIVEN.length)] + (draw(4) === 0 ? '' : GIVEN[draw(GIVEN.length)]);
  // The day of birth and the serial number count up together, so that no number comes twice.
  const born = `${1950 + (number % 50)}${two((Math.floor(number / 50) % 12) + 1)}${two((Math.floor(number / 600) % 28) + 1)}`;
  const body = `${REGIONS[number % 8]}${born}${String(Math.floor(number / 16_800) + 100 * draw(9)).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(body[place]), 0);
  const area = 4000 + draw(16_000);
  const year = 2012 + draw(12);
  return [
    project, `${building}栋`, `${unit}单元`, String(floor), `${floor}${two(room)}`, LAYOUTS[draw(5)], (area / 100).toFixed(2), FIT_OUTS[draw(2)],
    name, '身份证', body + CHECKS[sum % 11], `1${3 + draw(7)}${String(100_000_000 + draw(900_000_000))}`, '100',
    `${year}-${two(draw(12) + 1)}-${two(draw(28) + 1)}`, String(area * (80 + draw(300))), `${year + 2}-${two(draw(12) + 1)}-${two(draw(28) + 1)}`,
    draw(10) < 4 ? `粤${number < 90_000 ? 'B' : 'C'}${String(10_000 + (number % 90_000)).padStart(5, '0')}`.replace(/^(..)(\d)/, (_, head, digit) => head + 'ABCDEFGHJK'[Number(digit)]) : '',
    CHANNELS[draw(5)], '',
  ];
}

/** The first `count` owners as the peers store them. */
export function objects(count) {
  return Array.from({ length: count }, (_, number) => {
    const owner = { id: number + 1 };
    for (const [place, value] of cells(number).entries()) owner[FIELDS[place]] = value;
    return owner;
  });
}

/** The first `count` owners as the table that the app's file worker makes of a ledger. */
export function table(count) {
  return {
    name: 'owners.csv',
    headings: HEADINGS,
    rows: Array.from({ length: count }, (_, number) => ({ number: number + 2, cells: cells(number) })),
  };
}

/** The first `count` owners as a CSV ledger. */
export function csv(count) {
  return [HEADINGS, ...Array.from({ length: count }, (_, number) => cells(number))].map((row) => row.join(',')).join('\n');
}

const CASE_HEADINGS = [
  '投诉编号', '受理时间', '渠道', '项目名称', '楼栋', '单元', '房号', '业主姓名', '手机号码', '类型', '一级分类', '二级分类', '严重程度', '描述',
  '责任单位', '办结时间', '回访结果',
];
const COMPLAINTS = [
  ['工程', '门窗', '窗框渗水，下雨天窗台积水，已多次报修，希望尽快处理'],
  ['物业', '清洁绿化', '楼道清洁不到位，垃圾桶没有及时清运'],
  ['设计', '车位规划', '车位太窄，旁边有柱子，开门困难'],
  ['售后', '维修质量', '墙面空鼓修过一次又开裂'],
];
const ANSWER_HEADINGS = [
  '问卷编号', '城市', '项目', '客户类型', '总体满意度', '再次购买意愿', '推荐意愿', '设计/户型布局', '设计/景观环境', '设计/公共空间', '设计/车位规划',
  '设计/外立面', '工程/门窗', '工程/防水防渗', '工程/墙面地面', '工程/水电管线', '工程/电梯设备', '营销/信息透明', '营销/合同讲解', '营销/销售接待',
  '营销/不利因素公示', '物业/安全管理', '物业/清洁绿化', '物业/维修响应', '物业/服务态度', '物业/车辆管理', '售后/投诉处理', '售后/维修质量',
  '售后/回访关怀', '售后/交付服务',
];

const tableOf = (name, headings, count, cells) => ({
  name,
  headings,
  rows: Array.from({ length: count }, (_, number) => ({ number: number + 2, cells: cells(number) })),
});

/** As many cases as a table, each at the house of the owner with the same number. */
export function caseTable(count) {
  return tableOf('cases.csv', CASE_HEADINGS, count, (number) => {
    const draw = draws(number + 500_001);
    const owner = cells(number);
    const [area, leaf, words] = COMPLAINTS[draw(COMPLAINTS.length)];
    const month = draw(12) + 1;
    return [
      `TS${String(number).padStart(7, '0')}`, `2025-${two(month)}-${two(draw(27) + 1)} ${two(draw(24))}:${two(draw(60))}`, ['上门', '电话', '前台', '微信'][draw(4)],
      owner[0], owner[1], owner[2], owner[4], owner[8], owner[11], ['投诉', '报修'][draw(2)], area, leaf, '一般', words, ['工程部', '物业公司'][draw(2)],
      draw(3) === 0 ? '' : `2026-${two(month)}-${two(draw(28) + 1)} ${two(draw(24))}:${two(draw(60))}`, ['满意', '不满意', '未联系上'][draw(3)],
    ];
  });
}

/** As many paper answers as a table, with a mark for each of the 26 questions. */
export function answerTable(count) {
  return tableOf('answers.csv', ANSWER_HEADINGS, count, (number) => {
    const draw = draws(number + 900_001);
    const marks = Array.from({ length: ANSWER_HEADINGS.length - 4 }, () => String(draw(5) + 1));
    return [`W${String(number).padStart(7, '0')}`, '深圳', PROJECTS[number % 10], ['新业主', '老业主'][draw(2)], ...marks];
  });
}
