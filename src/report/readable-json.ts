/**
 * JSON for people and for `diff`: what fits in a line stands in a line, anything longer is broken, two spaces a
 * level. Ends with a line break. Fields that are undefined are left out.
 */
export function readableJson(value: unknown, columns = 110): string {
  return `${broken(JSON.parse(JSON.stringify(value)) as unknown, '', columns)}\n`;
}

function broken(value: unknown, indent: string, columns: number): string {
  const line = oneLine(value);
  if (typeof value !== 'object' || value === null || indent.length + line.length <= columns) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return line;
    return `[\n${value.map((item) => inner + broken(item, inner, columns)).join(',\n')}\n${indent}]`;
  }
  const fields = Object.entries(value).map(
    ([key, item]) => `${inner}${JSON.stringify(key)}: ${broken(item, inner, columns)}`,
  );
  return `{\n${fields.join(',\n')}\n${indent}}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
