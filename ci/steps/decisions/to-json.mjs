// usage: bun to-json.mjs FILE; prints a YAML or JSON5 file as JSON.
const text = await Bun.file(process.argv[2]).text();
const parse = process.argv[2].endsWith('.yaml') ? Bun.YAML.parse : Bun.JSON5.parse;
console.log(JSON.stringify(parse(text)));
