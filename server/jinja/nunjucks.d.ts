// Types of the two nunjucks 3.2.4 internals this folder builds on (nunjucks ships none). Only what is used here is declared;
// its Environment, Template and runtime, which turn template text into JavaScript, must never appear in this file.

declare module 'nunjucks/src/lexer.js' {
  export class Tokenizer {
    constructor(text: string)
    readonly str: string
    readonly len: number
    index: number
    in_code: boolean
    nextToken(): unknown
    isFinished(): boolean
  }
  const lexer: { readonly lex: (text: string) => Tokenizer }
  export default lexer
}

declare module 'nunjucks/src/parser.js' {
  import type { Tokenizer } from 'nunjucks/src/lexer.js'
  class Parser {
    constructor(tokens: Tokenizer)
    readonly tokens: Tokenizer
  }
  const parser: { readonly Parser: typeof Parser }
  export default parser
}
