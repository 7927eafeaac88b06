// A half-open range of a text, in UTF-16 code units from its start.
// Everything below `ide/` speaks offsets; lines and columns exist only at the edges (see lines.ts).

export interface Span {
  readonly start: number
  readonly end: number
}

/** A span in a named file. `path` is absolute, with `/` as separator. */
export interface Place extends Span {
  readonly path: string
}
