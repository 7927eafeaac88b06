// A statement's tokens with everything that sqlparse groups folded away, as far as it can hide a WITH: brackets, CASE, blocks, WHERE …
// It does not tell apart the groups that cannot (identifiers, operations, functions).

import type { SqlToken } from './tokens.ts'

/** A token that stands at the top of the statement, or a group (`token` null). */
export interface Item {
  readonly start: number
  readonly end: number
  readonly token: SqlToken | null
  /** A pair of round brackets that belongs to no name before it. */
  readonly bracketed: boolean
}

/** The items of one statement, blanks and comments included, in order. */
export function topLevel(tokens: readonly SqlToken[]): readonly Item[] {
  let items: Item[] = tokens.map((token) => ({ start: token.start, end: token.end, token, bracketed: false }))
  if (!tokens.some((token) => token.kind === 'cte')) return items
  items = paired(items, 'punctuation', ['['], ']')
  items = bare(paired(items, 'punctuation', ['('], ')'))
  items = paired(items, 'keyword', ['CASE'], 'END')
  items = paired(items, 'keyword', ['IF'], 'END IF')
  items = paired(items, 'keyword', ['FOR', 'FOREACH'], 'END LOOP')
  items = paired(items, 'keyword', ['BEGIN'], 'END')
  items = clauses(items)
  items = joined(items)
  return values(items)
}

/** `name (…)` and `as (…)` are one with what stands before. */
function bare(items: readonly Item[]): Item[] {
  let before: SqlToken | null = null
  return items.map((item) => {
    const owned = item.bracketed && before !== null && (before.kind === 'word' || before.kind === 'operand' || before.value === 'AS')
    if (!(item.token && (item.token.kind === 'space' || item.token.kind === 'newline'))) before = item.token
    return owned ? { ...item, bracketed: false } : item
  })
}

/** Groups from an opener to its closer; closers without opener and openers without closer stay. */
function paired(items: readonly Item[], kind: SqlToken['kind'], opens: readonly string[], close: string): Item[] {
  const result: Item[] = []
  const starts: number[] = []
  for (const item of items) {
    result.push(item)
    const { token } = item
    if (token?.kind !== kind) continue
    if (opens.includes(token.value)) starts.push(result.length - 1)
    else if (token.value === close) {
      const start = starts.pop()
      if (start !== undefined) fold(result, start, close === ')')
    }
  }
  return result
}

function fold(result: Item[], start: number, bracketed: boolean): void {
  const first = result[start]
  const last = result[result.length - 1]
  if (first && last) result.splice(start, result.length - start, { start: first.start, end: last.end, token: null, bracketed })
}

const WHERE_ENDS: ReadonlySet<string> = new Set(['ORDER BY', 'GROUP BY', 'LIMIT', 'UNION', 'UNION ALL', 'EXCEPT', 'INTERSECT', 'HAVING', 'RETURNING', 'INTO'])

/** WHERE takes all up to the next clause, or to the end. */
function clauses(items: readonly Item[]): Item[] {
  const result: Item[] = []
  let start: number | null = null
  for (const item of items) {
    const { token } = item
    if (token?.kind === 'keyword' && start !== null && WHERE_ENDS.has(token.value)) { fold(result, start, false); start = null }
    if (token?.kind === 'keyword' && start === null && token.value === 'WHERE') start = result.length
    result.push(item)
  }
  if (start !== null) fold(result, start, false)
  return result
}

/** A WITH beside `::`, `:=` or AT TIME ZONE is taken for an operand; `:=` takes all up to a later semicolon. */
function joined(items: readonly Item[]): Item[] {
  const solid = items.filter(({ token }) => !(token && (token.kind === 'space' || token.kind === 'newline')))
  const semicolon = solid.findLastIndex(({ token }) => token?.value === ';')
  const hidden = new Set<Item>()
  let assigned = -1
  for (const [index, item] of solid.entries()) {
    const [before, after] = [solid[index - 1], solid[index + 1]]
    if (item.token?.kind === 'assignment' && before && after && !isPlainKeyword(before) && !isPlainKeyword(after)) assigned = Math.max(assigned, semicolon > index + 1 ? semicolon : index + 1)
    if (item.token?.kind !== 'cte') continue
    const cast = (after?.token?.value === '::' && solid[index + 2] !== undefined) || (before?.token?.value === '::' && index > 1) || (after?.token?.kind === 'time-zone' && solid[index + 2]?.token?.value === 'AS')
    const assigns = after?.token?.kind === 'assignment' && solid[index + 2] !== undefined && !isPlainKeyword(solid[index + 2])
    if (index <= assigned || cast || assigns) hidden.add(item)
  }
  return hidden.size === 0 ? [...items] : items.map((item) => (hidden.has(item) ? { ...item, token: null } : item))
}

function isPlainKeyword(item: Item | undefined): boolean { return item?.token?.kind === 'keyword' }

/** VALUES takes all up to the last bracket after it. */
function values(items: readonly Item[]): readonly Item[] {
  const start = items.findIndex(({ token }) => token?.kind === 'keyword' && token.value === 'VALUES')
  const end = items.findLastIndex(({ bracketed }) => bracketed)
  const [first, last] = [items[start], items[end]]
  if (!first || !last || end < start) return items
  return [...items.slice(0, start), { start: first.start, end: last.end, token: null, bracketed: false }, ...items.slice(end + 1)]
}
