/** A piece of HTML or SVG, as it will stand in a file. */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: texts are escaped, pieces and lists of them are not, nothing leaves nothing. */
export type Inset = string | number | Markup | readonly Markup[] | undefined;

/** A template of HTML or SVG: markup`<p>${text}</p>`. Whatever text is put in cannot become a tag or end an attribute. */
export function markup(parts: TemplateStringsArray, ...insets: readonly Inset[]): Markup {
  return new Markup(parts.reduce((text, part, i) => text + written(insets[i - 1]) + part));
}

function written(inset: Inset): string {
  if (inset === undefined) return '';
  if (inset instanceof Markup) return inset.text;
  if (typeof inset === 'object') return inset.map((each) => each.text).join('');
  return escaped(String(inset));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
