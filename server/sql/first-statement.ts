// Where dbt puts the CTEs of ephemeral models into a SQL text: its first statement, and in it the place behind WITH.
// Follows what sqlparse 0.6 makes of the text (statement splitting, grouping), for dbt's compilation.py inject_ctes_into_sql. Linear time.

import { splitSpace } from '../text/python.ts'
import { sqlTokens } from './tokens.ts'
import type { SqlToken } from './tokens.ts'
import { topLevel } from './top-level.ts'

export interface InsertionPoint {
  /** The end of the first statement: dbt drops what follows. */
  readonly end: number
  /** Where the new text goes. */
  readonly at: number
  /** Whether there is a WITH (or WITH RECURSIVE) before `at` already. */
  readonly afterWith: boolean
}

/** Null when there is no statement at all: nothing but white space. Offsets in UTF-16 units. */
export function insertionPoint(sql: string): InsertionPoint | null {
  const statement = firstStatement(sql)
  const first = statement.find(({ kind }) => !isBlank(kind))
  const end = statement[statement.length - 1]?.end ?? 0
  if (!first) return null
  const items = topLevel(statement)
  let found = -1
  for (const [index, { token }] of items.entries()) {
    if (token?.kind === 'cte') found = index
    else if (found >= 0 && token?.kind === 'keyword' && token.value === 'RECURSIVE') { found = index; break }
    else if (found >= 0 && !(token && isBlank(token.kind))) break
  }
  if (found < 0) return { end, at: first.start, afterWith: false }
  const next = items.slice(found + 1).find(({ token }) => !(token && isBlank(token.kind)))
  return { end, at: next?.start ?? end, afterWith: true }
}

/** dbt's inject_ctes_into_sql; `ctes` as ` name as (…)`. Null where sqlparse finds no statement: dbt fails there. */
export function injectCtes(sql: string, ctes: readonly string[]): string | null {
  if (ctes.length === 0) return sql
  const point = insertionPoint(sql)
  if (!point) return null
  const [before, after] = point.afterWith ? ['', ', '] : ['with', ' ']
  return `${sql.slice(0, point.at)}${before}${ctes.join(', ')}${after}${sql.slice(point.at, point.end)}`
}

function isBlank(kind: SqlToken['kind']): boolean { return kind === 'space' || kind === 'newline' }

/** The tokens of the first statement, with the `;` and the blanks and line comments that follow it on its line. */
export function firstStatement(sql: string): SqlToken[] {
  const tokens: SqlToken[] = []
  const levels = new Levels()
  let over = false
  for (const token of sqlTokens(sql)) {
    if (over && token.kind !== 'space' && !(token.kind === 'line-comment' && sql.charAt(token.start + 2) !== '+')) break
    levels.change(token)
    tokens.push(token)
    if (token.kind === 'punctuation' && token.value === ';') {
      if (levels.ends()) over = true
    } else if (token.kind === 'keyword' && splitSpace(sql.slice(token.start, token.end))[0] === 'GO') {
      over = true
    } else {
      levels.pass(token)
    }
  }
  return tokens
}

const TRANSACTION: ReadonlySet<string> = new Set(['TRANSACTION', 'WORK', 'DEFERRED', 'IMMEDIATE', 'EXCLUSIVE'])
const CLOSES: ReadonlyMap<string, readonly string[]> = new Map([['END IF', ['IF']], ['END FOR', ['FOR']], ['END WHILE', ['WHILE']], ['END LOOP', ['LOOP', 'FOR', 'WHILE']], ['END CASE', ['CASE']]])

/** How deep in brackets and blocks a statement is: only at no depth does a semicolon end it. */
class Levels {
  private level = 0
  private blocks: string[] = []
  private loop: string | null = null
  private isCreate = false
  private begun = false

  change({ kind, value }: SqlToken): void {
    if (kind === 'punctuation') {
      if (value === '(') this.level++
      else if (value === ')') this.level--
      else if (value === ';') {
        this.loop = null
        if (this.begun) { this.begun = false; this.leave('BEGIN') }
      }
    } else if (kind === 'create') {
      this.isCreate = true
    } else if (kind === 'keyword') {
      this.keyword(value)
    }
  }

  ends(): boolean {
    this.begun = false
    return this.level <= 0 && !this.blocks.includes('BEGIN')
  }

  /** Anything but blanks and comments after BEGIN makes it a block. */
  pass({ kind, value }: SqlToken): void {
    if (!isBlank(kind) && kind !== 'line-comment' && kind !== 'comment' && !(kind === 'keyword' && value === 'BEGIN')) this.begun = false
  }

  private keyword(value: string): void {
    if (value === 'DECLARE' && this.isCreate && this.blocks.length === 0) this.enter('DECLARE')
    else if (value === 'BEGIN') {
      this.begun = true
      if (this.top() === 'DECLARE') this.blocks[this.blocks.length - 1] = 'BEGIN'
      else this.enter('BEGIN')
    } else if (this.begun && TRANSACTION.has(value)) {
      this.begun = false
      this.leave('BEGIN')
    } else if (!(this.blocks.includes('BEGIN') && this.nested(value))) {
      this.close(value)
    }
  }

  private nested(value: string): boolean {
    if (value === 'FOR' || value === 'WHILE') { this.loop = value; return true }
    if ((value === 'LOOP' || value === 'DO') && this.loop !== null) { this.enter(this.loop); this.loop = null; return true }
    if (value === 'LOOP' || value === 'IF' || value === 'CASE') { this.enter(value); return true }
    return false
  }

  private close(value: string): void {
    if (value === 'END') { this.blocks.pop(); this.level--; return }
    const open = this.top()
    if (open !== undefined && CLOSES.get(value)?.includes(open)) { this.blocks.pop(); this.level-- }
  }

  private top(): string | undefined { return this.blocks[this.blocks.length - 1] }
  private enter(block: string): void { this.blocks.push(block); this.level++ }
  private leave(block: string): void { if (this.top() === block) { this.blocks.pop(); this.level-- } }
}
