import { readdirSync, readFileSync } from 'node:fs';

import ts from 'typescript';

/** A place in `src` that makes an error or a diagnostic of some code. */
export interface ErrorSite {
  readonly code: string;
  readonly file: string;
  /** The class, where it is named at the place itself. */
  readonly className: string | undefined;
  /** Its texts, with … for what is filled in; none where they come from a parser or from the system. */
  readonly messages: readonly string[];
}

/** All of them, in the order of their codes. */
export function errorSites(): ErrorSite[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const sites = files.flatMap((file) => {
    const text = readFileSync(`src/${file}`, 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
    const codes = nodesOf(source).filter(
      (node): node is ts.StringLiteral => ts.isStringLiteral(node) && /^PN\d{3}$/.test(node.text),
    );
    return codes.flatMap((code) => siteAt(code, file) ?? []);
  });
  return sites.sort((a, b) => a.code.localeCompare(b.code) || a.file.localeCompare(b.file));
}

/** What stands around a code; undefined where it is only compared with one, or stands in for an unknown one. */
function siteAt(code: ts.StringLiteral, file: string): ErrorSite | undefined {
  const { parent } = code;
  if (ts.isPropertyAssignment(parent) && parent.name.getText() === 'code')
    return { code: code.text, file, ...aroundDetails(parent.parent) };
  const list = ts.isCallExpression(parent)
    ? parent.arguments
    : ts.isArrayLiteralExpression(parent)
      ? parent.elements
      : undefined;
  if (!list) return undefined;
  const message = ts.isCallExpression(parent) ? list[list.indexOf(code) + 1] : undefined;
  return { code: code.text, file, className: undefined, messages: message ? textsOf(message) : [] };
}

/** `new DataError(message, { code })`, `const details = { code }` for such a call, or `{ code, message }`. */
function aroundDetails(details: ts.ObjectLiteralExpression): Pick<ErrorSite, 'className' | 'messages'> {
  const holder = details.parent;
  const name = ts.isVariableDeclaration(holder) ? holder.name.getText() : undefined;
  const made = ts.isNewExpression(holder) ? holder : name === undefined ? undefined : userOf(name, holder);
  if (made) return { className: made.expression.getText(), messages: textsOf(made.arguments![0]!) };
  for (const property of details.properties) {
    if (property.name?.getText() !== 'message') continue;
    if (ts.isPropertyAssignment(property))
      return { className: undefined, messages: textsOf(property.initializer) };
    if (ts.isShorthandPropertyAssignment(property))
      return { className: undefined, messages: textsOf(property.name) };
  }
  return { className: undefined, messages: [] };
}

/** The `new` after that variable whose second argument it is. */
function userOf(name: string, declared: ts.Node): ts.NewExpression | undefined {
  return nodesOf(declared.getSourceFile()).find(
    (node): node is ts.NewExpression =>
      ts.isNewExpression(node) && node.pos > declared.end && node.arguments?.[1]?.getText() === name,
  );
}

/** The texts that an expression can be, as far as they stand in its file. */
function textsOf(expression: ts.Expression): string[] {
  if (ts.isStringLiteralLike(expression)) return expression.text === '' ? [] : [expression.text];
  if (ts.isTemplateExpression(expression))
    return [expression.head.text + expression.templateSpans.map((span) => `…${span.literal.text}`).join('')];
  if (ts.isConditionalExpression(expression))
    return [...textsOf(expression.whenTrue), ...textsOf(expression.whenFalse)];
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return textsOf(expression.left).flatMap((left) => textsOf(expression.right).map((right) => left + right));
  if (ts.isParenthesizedExpression(expression)) return textsOf(expression.expression);
  if (ts.isArrowFunction(expression) && !ts.isBlock(expression.body)) return textsOf(expression.body);
  if (ts.isCallExpression(expression)) return returned(expression);
  if (ts.isIdentifier(expression)) return valueOf(expression);
  return [];
}

/** What a function of the file returns. */
function returned({ expression }: ts.CallExpression): string[] {
  const called = nodesOf(expression.getSourceFile()).find(
    (node) => ts.isFunctionDeclaration(node) && node.name?.text === expression.getText(),
  );
  const returns = called ? nodesOf(called).filter(ts.isReturnStatement) : [];
  return returns.flatMap((statement) => (statement.expression ? textsOf(statement.expression) : []));
}

/** What a `const` holds, or what a parameter gets from the function's callers in the file. */
function valueOf(name: ts.Identifier): string[] {
  for (let scope: ts.Node = name.parent; !ts.isSourceFile(scope); scope = scope.parent) {
    const constant = nodesOf(scope).find(
      (node) => ts.isVariableDeclaration(node) && node.name.getText() === name.text && node.pos < name.pos,
    );
    if (constant && ts.isVariableDeclaration(constant) && constant.initializer)
      return textsOf(constant.initializer);
    if (!ts.isFunctionDeclaration(scope)) continue;
    const at = scope.parameters.findIndex((parameter) => parameter.name.getText() === name.text);
    if (at >= 0) return argumentsOf(scope.name!.text, at, name.getSourceFile());
  }
  return [];
}

function argumentsOf(called: string, at: number, source: ts.SourceFile): string[] {
  return nodesOf(source).flatMap((node) => {
    if (!ts.isCallExpression(node) || node.expression.getText() !== called) return [];
    const argument = node.arguments[at];
    return argument ? textsOf(argument) : [];
  });
}

/** A node and all below it, in the order of the text. */
function nodesOf(node: ts.Node): ts.Node[] {
  const nodes = [node];
  ts.forEachChild(node, (child) => {
    nodes.push(...nodesOf(child));
  });
  return nodes;
}
