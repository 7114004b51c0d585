/** Takes the markup out of a line of Markdown: emphasis, links, images, code, escapes and tags. */
import type { Lexer, Token, Tokens } from 'marked';
import { decodeEntities } from '../shared/entities.ts';

/** What is longer is shown as it stands: no paragraph that somebody wrote is, and emphasis takes quadratic time. */
const INLINE_MAX_CHARACTERS = 20_000;

export function inlineText(text: string, lexer: Lexer): string {
  if (text.length > INLINE_MAX_CHARACTERS) return text;
  return flat(lexer.inlineTokens(text)).trim();
}

function flat(tokens: readonly Token[]): string {
  return (tokens as Tokens.Generic[]).map(one).join('');
}

function one(token: Tokens.Generic): string {
  if (token.type === 'br') return '\n';
  if (token.type === 'html') return textWithoutTags(token.raw);
  if (token.type === 'codespan' || token.type === 'image' || token.type === 'escape') return token.text;
  if (token.tokens !== undefined) return flat(token.tokens);
  return decodeEntities(token.text ?? token.raw);
}

/** What stands between the tags of HTML that somebody wrote into Markdown. */
export function textWithoutTags(html: string): string {
  return decodeEntities(html.replace(/<!--[\s\S]*?(?:-->|$)|<\/?[a-zA-Z][^<>]*>/g, ' ')).trim();
}
