// Workbooks that no program would save, made by hand: archives of any parts, and one behind a password.
const TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** An archive of parts `{ name: text or bytes }`, uncompressed. */
export function archive(parts) {
  const bodies = [];
  const directory = [];
  let at = 0;
  for (const [name, content] of Object.entries(parts)) {
    const [label, body] = [Buffer.from(name), Buffer.from(content)];
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc32(body), 10);
    fields.writeUInt32LE(body.length, 14);
    fields.writeUInt32LE(body.length, 18);
    fields.writeUInt16LE(label.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, label, body]);
    const more = Buffer.alloc(14);
    more.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\0'), fields, more, label]));
    bodies.push(local);
    at += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, entries, end]);
}

const NS = 'http://schemas.openxmlformats.org';

/** A workbook with rows of cells `{ text }` or `{ formula, value }`, and with these parts more. */
export function workbook(rows, more = {}) {
  const escaped = (text) => text.replace(/[&<>]/g, (c) => `&#${c.codePointAt(0)};`);
  const cell = ({ text, formula, value }) =>
    formula ? `<c t="str"><f>${escaped(formula)}</f><v>${escaped(value)}</v></c>` : `<c t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
  const sheet = rows.map((row) => `<row>${row.map(cell).join('')}</row>`).join('');
  return archive({
    '_rels/.rels': `<Relationships xmlns="${NS}/package/2006/relationships"><Relationship Id="a" Type="${NS}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${NS}/spreadsheetml/2006/main" xmlns:r="${NS}/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="a"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${NS}/package/2006/relationships"><Relationship Id="a" Type="${NS}/officeDocument/2006/relationships/worksheet" Target="worksheets/a.xml"/></Relationships>`,
    'xl/worksheets/a.xml': `<worksheet xmlns="${NS}/spreadsheetml/2006/main"><sheetData>${sheet}</sheetData></worksheet>`,
    ...more,
  });
}

/** The least compound file with one stream of that name; Office keeps what a password protects in such a file. */
export function compoundFile(stream) {
  const words = (...list) => Buffer.from(Uint32Array.from(list.map((word) => word >>> 0)).buffer);
  const END = 0xfffffffe;
  const entry = (name, kind) => {
    const bytes = Buffer.alloc(128);
    bytes.write(name, 'utf16le');
    bytes.writeUInt16LE(name.length * 2 + 2, 64);
    bytes.writeUInt8(kind, 66);
    bytes.writeUInt8(1, 67);
    bytes.fill(0xff, 68, 80);
    bytes.writeUInt32LE(END, 116);
    return bytes;
  };
  const shorts = Buffer.from(Uint16Array.from([0x3e, 3, 0xfffe, 9, 6, 0, 0, 0]).buffer);
  return Buffer.concat([
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    Buffer.alloc(16),
    shorts,
    words(0, 1, 1, 0, 0x1000, END, 0, END, 0, 0),
    words(...Array(108).fill(-1)),
    words(0xfffffffd, END, ...Array(126).fill(-1)),
    ...[entry('Root Entry', 5), entry(stream, 2), entry('', 0), entry('', 0)],
  ]);
}
