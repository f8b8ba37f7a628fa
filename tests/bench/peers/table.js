// The page of the table benchmark: a table written by hand that draws the same window of rows with the same elements, and one
// that draws every row, as the pages of js-framework-benchmark do. Work comes as an event, as it does for the app's table.
const MOST = 80;
const OVERSCAN = 8;

const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

export function start(isWhole) {
  let rows = [];
  let next = 1;
  const drawn = [];
  const count = element('p', { class: 'table-count', role: 'status' });
  const body = element('div', { role: 'presentation', class: 'grid-drawn' });
  const sized = element('div', { role: 'rowgroup', class: 'grid-body' }, body);
  const heads = ['id', 'label', 'note'].map((title) => element('div', { role: 'columnheader', class: 'cell' }, title));
  const head = element('div', { role: 'rowgroup', class: 'grid-head' }, element('div', { role: 'row', class: 'row-head' }, ...heads));
  const grid = element('div', { role: 'grid', class: 'grid' }, head, sized);
  grid.style.setProperty('--columns', 'var(--column-narrow) var(--column-wide) var(--column-normal)');
  const scroll = element('div', { class: 'table-scroll' }, grid);
  document.body.append(element('div', { class: 'table' }, count, scroll));

  const cell = (title, numeric) => {
    const text = document.createTextNode('');
    const made = element(
      'div',
      { role: 'gridcell', class: numeric ? 'cell cell-numeric' : 'cell' },
      element('span', { class: 'cell-title', 'aria-hidden': 'true' }, title),
      element('span', { class: 'cell-body' }, text),
    );
    return [made, text];
  };
  const line = (index) => {
    const [id, idText] = cell('id', true);
    const [label, labelText] = cell('label');
    const [note, noteText] = cell('note');
    noteText.data = '·';
    const made = element('div', { role: 'row', class: 'row', id: `row-${index}`, 'aria-rowindex': index + 2, tabindex: index === 0 ? 0 : -1 }, id, label, note);
    return { made, idText, labelText };
  };
  // As many rows as the app's table draws of a list on this screen.
  const window_ = () => {
    const height = parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row')) * 16 || 48;
    return Math.min(MOST, Math.floor(scroll.clientHeight / height) + 1 + 2 * OVERSCAN);
  };
  let len = 0;
  const draw = () => {
    const wanted = isWhole ? rows.length : Math.min(len || MOST, rows.length);
    while (drawn.length > wanted) drawn.pop().made.remove();
    const fresh = document.createDocumentFragment();
    for (let index = 0; index < wanted; index += 1) {
      const row = rows[index];
      if (index === drawn.length) {
        drawn.push(line(index));
        fresh.append(drawn[index].made);
      }
      const { idText, labelText } = drawn[index];
      if (idText.data !== String(row.id)) idText.data = row.id;
      if (labelText.data !== row.label) labelText.data = row.label;
    }
    body.append(fresh);
    count.textContent = `${rows.length} rows`;
    sized.style.height = `${rows.length * 48}px`;
    if (!isWhole && !len && rows.length > 0) {
      len = window_();
      draw();
    }
  };
  const made = (length) => Array.from({ length }, (_, place) => ({ id: next + place, label: `row ${next + place}` }));
  const works = {
    create: () => (rows = made(1_000)),
    replace: () => (rows = made(1_000)),
    append: () => rows.push(...made(1_000)),
    update: () => rows.forEach((row, place) => place % 10 === 0 && (row.label += ' !!!')),
    swap: () => ([rows[1], rows[998]] = [rows[998], rows[1]]),
    remove: () => rows.splice(1, 1),
    clear: () => (rows = []),
  };
  addEventListener('work', ({ detail }) => {
    works[detail]();
    next += 1_000;
    draw();
  });
}
