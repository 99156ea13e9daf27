import type { Options } from "tsup";
import ts from "typescript";

type TsupPlugin = NonNullable<Options["plugins"]>[number];

/**
 * Makes `const f = (…) => …` of each `function f(…) …`, which is shorter. Minifiers do not, because such a function could be
 * called before its line is reached; here nobody does, for importing runs nothing. Comes before terser.
 */
export const arrowFunctions: TsupPlugin = {
  name: "arrow-functions",
  renderChunk(code) {
    const file = ts.createSourceFile("", code, ts.ScriptTarget.Latest);
    const parts: string[] = [];
    let done = 0;
    const replaceHead = (node: ts.Node): void => {
      if (
        ts.isFunctionDeclaration(node) &&
        node.name &&
        node.body &&
        !/\b(this|arguments)\b/.test(node.getText(file))
      ) {
        const { name, modifiers, parameters, body } = node;
        const async = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ? "async " : "";
        const given = parameters.map((parameter) => parameter.getText(file));
        parts.push(code.slice(done, node.getStart(file)), `const ${name.text} = ${async}(${given}) => `);
        done = body.pos;
        ts.forEachChild(body, replaceHead);
        parts.push(code.slice(done, node.end), ";");
        done = node.end;
      } else ts.forEachChild(node, replaceHead);
    };
    replaceHead(file);
    return { code: parts.join("") + code.slice(done) };
  },
};
