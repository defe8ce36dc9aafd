import type { Problem } from '../source/problem.js';
import type { SourceFile } from '../source/source-file.js';
import { tokenize } from './lexer.js';
import { parseDefinition } from './parse-definition.js';
import { join, SyntaxStop, TokenReader } from './token-reader.js';
import type { DefinitionNode, FileTree, IncludeNode, ModuleNode } from './tree.js';

/**
 * Reads a `.tars` file. Faults go into `problems`, and what follows them is read all the same; takes time in proportion to the text.
 *
 * Source: tars.l, tars.y (TarsCpp).
 */
export function parseFile(source: SourceFile, problems: Problem[]): FileTree {
  const reader = new TokenReader(tokenize(source, problems), problems);
  const includes: IncludeNode[] = [];
  const modules: ModuleNode[] = [];
  while (reader.current.kind !== 'end') {
    try {
      if (reader.current.kind === 'include') {
        const token = reader.advance();
        includes.push({ path: token.value as string, ...join(token, token) });
        // Some write one, and nobody minds.
        reader.take(';');
      } else modules.push(parseModule(reader));
    } catch (error) {
      if (!(error instanceof SyntaxStop)) throw error;
      reader.recover(0);
      if (reader.take('}')) reader.take(';');
    }
  }
  return { source, includes, modules };
}

function parseModule(reader: TokenReader): ModuleNode {
  if (!reader.is('module')) {
    const { text } = reader.current;
    throw reader.stop(reader.current, `a file has #include and module { … }; put "${text.slice(0, 30)}" into a module`);
  }
  reader.advance();
  const name = reader.name('the name of the module');
  reader.expect('{', 'behind the name of the module');
  const definitions: DefinitionNode[] = [];
  const { depth } = reader;
  while (!reader.is('}') && reader.current.kind !== 'end') {
    try {
      definitions.push(parseDefinition(reader));
    } catch (error) {
      if (!(error instanceof SyntaxStop)) throw error;
      reader.recover(depth);
    }
  }
  try {
    reader.expect('}', 'at the end of the module');
    reader.expect(';', 'behind the module');
  } catch (error) {
    // Reported; what the module holds counts all the same.
    if (!(error instanceof SyntaxStop)) throw error;
  }
  return { name, definitions };
}
