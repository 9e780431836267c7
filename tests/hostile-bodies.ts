/** Bodies that no client should send, in JSON, as a form and as XML: malformed, deep, huge, and well-formed nonsense. */

/** A whole number from 0 to below the bound. */
export type Random = (below: number) => number;
type Bodies = Record<string, (random: Random) => string | Buffer>;

const ready = new Map<string, Buffer>();

const oneOf = (bodies: Bodies, random: Random): [string, Buffer] => {
  const names = Object.keys(bodies);
  const name = names[random(names.length)] ?? "";
  const make = bodies[name];
  const body = ready.get(name) ?? Buffer.from(make?.(random) ?? "");
  // What is the same each time is made once: some take longer to make than to refuse.
  if (make?.length === 0) ready.set(name, body);
  return [name, body];
};
const times = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => make(n)).join("");
const to = "84901234567";

const oddValues = [
  "null",
  "1e999",
  "-0",
  "[]",
  "{}",
  '""',
  "true",
  `"${"9".repeat(500)}"`,
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00x"',
  "1",
  '[["a"]]',
];
const jsonFields = [
  "sender",
  "to",
  "text",
  "class",
  "reference",
  "validity",
  "receipt",
  "messages",
  "__proto__",
  "constructor",
];

const jsonBodies: Bodies = {
  "JSON: nesting": (random) => "[".repeat(1 + random(200_000)),
  "JSON: objects in objects": (random) => `${'{"text":'.repeat(1 + random(50_000))}1`,
  "JSON: odd values": (random) => {
    const fields = ["sender", "to", "text", jsonFields[random(jsonFields.length)] ?? ""].map(
      (name) => `"${name}":${random(2) === 0 ? oddValues[random(oddValues.length)] : '"ACME"'}`,
    );
    return `{${fields.join(",")}}`;
  },
  "JSON: many odd messages": (random) =>
    `{"messages":[${times(2_000, () => `{"sender":"ACME","to":${oddValues[random(oddValues.length)]},"text":"x"},`)}{}]}`,
  "JSON: prototype": () => `{"__proto__":{"x":1},"sender":"ACME","to":"${to}","text":"x"}`,
  "JSON: constructor": () => `{"sender":"ACME","to":"${to}","text":"x","constructor":{"prototype":{"x":1}}}`,
  "JSON: a name of a megabyte": () => `{"${"a".repeat(1_000_000)}":1}`,
  "JSON: 30,000 names": () => `{${times(30_000, (n) => `"a${n}":1,`)}"b":1}`,
  "JSON: megabytes of text": (random) =>
    `{"sender":"ACME","to":"${to}","text":"${"x".repeat(1_000_000 + random(2_000_000))}"}`,
  "JSON: too many recipients": () => `{"sender":"ACME","text":"x","to":[${times(20_000, () => `"${to}",`)}"1"]}`,
  "JSON: no UTF-8": (random) =>
    Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc0 + random(64), 0x20]), Buffer.from('"}')]),
  "JSON: UTF-16": () => Buffer.from(`\ufeff{"sender":"ACME","to":"${to}","text":"x"}`, "utf16le"),
  "JSON: NUL": () => '{"sender":"ACME",\0"to":"1","text":"x"}',
  "JSON: combining marks and joiners": () =>
    `{"sender":"ACME","to":"${to}","text":"${"\u0301\u200d\u202e".repeat(500)}"}`,
  "JSON: a number of digits": () => `{"validity":${"9".repeat(500_000)}}`,
};

const xmlMessage = (inside: string): string => `<send><message>${inside}</message></send>`;
const laughs = (levels: number, each: number): string =>
  `<!DOCTYPE send [<!ENTITY e0 "ha">${times(levels, (n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(each)}">`)}]>${xmlMessage(`<text>&e${levels};</text>`)}`;

const xmlBodies: Bodies = {
  "XML: a billion laughs": (random) => laughs(9 + random(10), 10),
  "XML: quadratic blow-up": () =>
    `<!DOCTYPE send [<!ENTITY a "${"a".repeat(50_000)}">]>${xmlMessage(`<text>${"&a;".repeat(50_000)}</text>`)}`,
  "XML: an external entity": () =>
    `<!DOCTYPE send [<!ENTITY x SYSTEM "file:///etc/passwd">]>${xmlMessage("<text>&x;</text>")}`,
  "XML: an external subset": () => `<?xml version="1.0"?><!DOCTYPE send SYSTEM "http://127.0.0.1:9/x.dtd"><send/>`,
  "XML: parameter entities": () => `<!DOCTYPE send [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]><send/>`,
  "XML: a doctype behind comments": () => `${"<!-- < -->".repeat(20_000)}<!doctype send><send/>`,
  "XML: a doctype inside": () => `<send><!DOCTYPE x [<!ENTITY a "b">]></send>`,
  "XML: entities of nobody": () => xmlMessage(`<text>${"&nbsp;".repeat(1_000)}</text>`),
  "XML: references to what is no character": (random) =>
    xmlMessage(
      `<text>&#${["0", "xD800", "xFFFE", "x110000", "99999999999999999999", "", "x", "-1"][random(8)]};</text>`,
    ),
  "XML: nesting": (random) => "<send>".repeat(1 + random(300_000)),
  "XML: nesting below a field": (random) => `<send><message><text>${"<b>".repeat(1 + random(100_000))}`,
  "XML: an attribute of megabytes": (random) => `<send a="${"x".repeat(1_000_000 + random(2_000_000))}"/>`,
  "XML: 100,000 attributes": () => `<send ${times(100_000, (n) => `a${n}="1" `)}/>`,
  "XML: namespaces": () => `<send ${times(2_000, (n) => `xmlns:n${n}="u" `)}/>`,
  "XML: a name of a megabyte": () => `<${"a".repeat(1_000_000)}/>`,
  "XML: a comment of megabytes": () => `<send><!--${"x".repeat(2_000_000)}`,
  "XML: 100,000 instructions": () => `${"<?x y?>".repeat(100_000)}<send/>`,
  "XML: CDATA without end": () => `<send><message><text><![CDATA[${"]]".repeat(100_000)}`,
  "XML: megabytes of blanks": () => `<send>${" ".repeat(3_000_000)}</send>`,
  "XML: megabytes of text": (random) =>
    xmlMessage(`<sender>ACME</sender><to>${to}</to><text>${"x".repeat(1_000_000 + random(2_000_000))}</text>`),
  "XML: too many recipients": () => xmlMessage(`<sender>A</sender>${`<to>${to}</to>`.repeat(20_000)}<text>x</text>`),
  "XML: fields of nothing": () => `<send>${"<message><to/></message>".repeat(5_000)}</send>`,
  "XML: no UTF-8": (random) => Buffer.concat([Buffer.from("<send>"), Buffer.from([0x80 + random(128), 0x3c])]),
  "XML: UTF-16": () => Buffer.from(`\ufeff${xmlMessage("")}`, "utf16le"),
  "XML: UTF-7": () => '<?xml version="1.0" encoding="UTF-7"?>+ADw-send+AD4-',
  "XML: NUL": () => xmlMessage("<text>\0</text>"),
  "XML: two roots": () => "<send/><send/>",
  "XML: names of objects": () =>
    `<send __proto__="1" constructor="2"><message><__proto__>x</__proto__></message></send>`,
  "XML: fields named as objects are": () => xmlMessage("<constructor>x</constructor><toString>x</toString>"),
  "XML: SOAP": () =>
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body/></soap:Envelope>',
  "XML: an inclusion": () =>
    '<send xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></send>',
};

const formBodies: Bodies = {
  "form: escapes that are none": (random) =>
    `sender=ACME&to=${to}&text=%${["", "z", "zz", "%", "u0041", "1"][random(6)]}`,
  "form: no UTF-8": (random) => `sender=ACME&to=${to}&text=%${(128 + random(64)).toString(16)}%20`,
  "form: half a pair": () => `sender=ACME&to=${to}&text=%ED%A0%80`,
  "form: half a pair in hex": () => `sender=ACME&to=${to}&hex=D800`,
  "form: hex that is none": () => `sender=ACME&to=${to}&hex=xyz`,
  "form: NUL in every field": () => `sender=%00&to=%00&text=%00&reference=%00&key=%00`,
  "form: 100,000 fields": () => times(30_000, (n) => `a${n}=1&`),
  "form: a name of 100 kB": () => `${"a".repeat(100_000)}=1`,
  "form: ampersands": () => "&".repeat(400_000),
  "form: commas": () => `sender=ACME&text=x&to=${",".repeat(200_000)}`,
  "form: too many recipients": () => `sender=ACME&text=x&to=${`${to},`.repeat(20_000)}`,
  "form: over the limit": (random) => `sender=ACME&to=${to}&text=${"x".repeat(600_000 + random(3_000_000))}`,
  "form: lines in a recipient": () => `sender=ACME&text=x&to=1%0d%0aqueued%2084901234567%20x%201%0d%0a`,
  "form: prototype": () => `__proto__=1&constructor=2&hasOwnProperty=3&sender=ACME&to=${to}&text=x`,
  "form: brackets": () => `sender[]=ACME&to[0]=${to}&text[a][b]=x`,
  "form: twice": () => `sender=ACME&sender=B&to=${to}&text=x`,
  "form: odd values": (random) =>
    `sender=ACME&to=${to}&text=x&validity=${["-1", "1e9", "NaN", "99999999999999999999", "0x10", "1.5"][random(6)]}&receipt=${["2", "maybe", "%00"][random(3)]}`,
  "form: charsets": (random) =>
    `sender=ACME&to=${to}&text=%D8%00&charset=${["utf-16be", "utf-7", "x", "%00", "koi8-r", "UTF-16BE", "__proto__", "constructor"][random(8)]}`,
  "form: raw bytes": (random) => Buffer.from(Array.from({ length: 2_000 }, () => random(256))),
  "form: keys everywhere": () => `key=a&password=b&user=c&username=d&sender=ACME&to=${to}&text=x`,
};

export const hostileJson = (random: Random): [string, Buffer] => oneOf(jsonBodies, random);
export const hostileForm = (random: Random): [string, Buffer] => oneOf(formBodies, random);
export const hostileXml = (random: Random): [string, Buffer] => oneOf(xmlBodies, random);
