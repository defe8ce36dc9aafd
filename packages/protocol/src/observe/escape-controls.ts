// C0, DEL and C1; the separators that some take for the end of a line; what turns the direction of text round (Unicode Standard Annex 9).
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * A text of a peer, or of an exception, for where people read: what a terminal takes for an order, what ends a line, and what turns the
 * direction of text round is shown as its number (`\u001b`). The one place where this is done, for every form of the log and the
 * administration port.
 */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** The same for a text of several lines: ends of lines and tabs stay. */
export function escapeLines(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}
