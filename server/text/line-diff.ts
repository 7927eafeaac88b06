// What changed between two texts, line by line: Myers' algorithm on the lines between the common start and end, with a limit.
// The limit makes it linear: texts that have almost nothing in common are shown as replaced.

export interface DiffLine { readonly kind: 'same' | 'old' | 'new'; readonly text: string }

/** Runs of changes with the lines around them; `old` and `new`: their first line there, from 1. */
export interface Hunk { readonly old: number; readonly new: number; readonly lines: readonly DiffLine[] }

/** More changed lines than this are not aligned. */
const MOST_CHANGES = 400

export function lineDiff(before: string, after: string, context = 2): readonly Hunk[] {
  return hunksOf(allLines(before.split(/\r\n|\r|\n/), after.split(/\r\n|\r|\n/), before, after), context)
}

/** `@@ 3 → 4 @@` and lines that start with blank, `-` or `+`; at most `most` lines, and how many more there are. */
export function diffText(before: string, after: string, most = 40): readonly string[] {
  const lines = lineDiff(before, after).flatMap((hunk) => [`@@ ${hunk.old} → ${hunk.new} @@`, ...hunk.lines.map(({ kind, text }) => `${kind === 'old' ? '-' : kind === 'new' ? '+' : ' '}${text}`)])
  if (lines.length === 0 && before !== after) return ['(line ends, or blanks at the start or end of the text)']
  return lines.length > most ? [...lines.slice(0, most - 1), `… ${lines.length - most + 1} more lines`] : lines
}

function allLines(old: readonly string[], now: readonly string[], before: string, after: string): readonly DiffLine[] {
  if (before === after) return []
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start++
  let end = 0
  while (end < old.length - start && end < now.length - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++
  const same = (text: string): DiffLine => ({ kind: 'same', text })
  return [...old.slice(0, start).map(same), ...aligned(old.slice(start, old.length - end), now.slice(start, now.length - end)), ...old.slice(old.length - end).map(same)]
}

function aligned(old: readonly string[], now: readonly string[]): readonly DiffLine[] {
  return shortestEdit(old, now) ?? [...old.map((text): DiffLine => ({ kind: 'old', text })), ...now.map((text): DiffLine => ({ kind: 'new', text }))]
}

/** Myers 1986: the furthest points of each diagonal, round by round, and the way back. Null beyond the limit. */
function shortestEdit(old: readonly string[], now: readonly string[]): readonly DiffLine[] | null {
  const rounds: Map<number, number>[] = []
  let reached = new Map<number, number>([[1, 0]])
  for (let changes = 0; changes <= Math.min(MOST_CHANGES, old.length + now.length); changes++) {
    rounds.push(reached)
    const next = new Map<number, number>()
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let x = goesDown(reached, diagonal, changes) ? reached.get(diagonal + 1) ?? 0 : (reached.get(diagonal - 1) ?? 0) + 1
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x++
      next.set(diagonal, x)
      if (x >= old.length && x - diagonal >= now.length) return wayBack(old, now, rounds)
    }
    reached = next
  }
  return null
}

function goesDown(reached: ReadonlyMap<number, number>, diagonal: number, changes: number): boolean {
  return diagonal === -changes || (diagonal !== changes && (reached.get(diagonal - 1) ?? 0) < (reached.get(diagonal + 1) ?? 0))
}

function wayBack(old: readonly string[], now: readonly string[], rounds: readonly ReadonlyMap<number, number>[]): readonly DiffLine[] {
  const lines: DiffLine[] = []
  let [x, y] = [old.length, now.length]
  for (let changes = rounds.length - 1; changes >= 0; changes--) {
    const reached = rounds[changes] ?? new Map<number, number>()
    const down = goesDown(reached, x - y, changes)
    const from = down ? x - y + 1 : x - y - 1
    const [px, py] = changes === 0 ? [0, 0] : [reached.get(from) ?? 0, (reached.get(from) ?? 0) - from]
    while (x > px && y > py) { lines.push({ kind: 'same', text: old[--x] ?? '' }); y-- }
    if (changes === 0) break
    if (down) lines.push({ kind: 'new', text: now[--y] ?? '' })
    else lines.push({ kind: 'old', text: old[--x] ?? '' })
  }
  return lines.reverse()
}

function hunksOf(lines: readonly DiffLine[], context: number): readonly Hunk[] {
  const near = new Set(lines.flatMap(({ kind }, at) => (kind === 'same' ? [] : Array.from({ length: context * 2 + 1 }, (_, by) => at - context + by))))
  const hunks: { old: number; new: number; lines: DiffLine[] }[] = []
  let [old, now, open] = [1, 1, false]
  for (const [at, line] of lines.entries()) {
    if (near.has(at)) {
      if (!open) hunks.push({ old, new: now, lines: [] })
      hunks.at(-1)?.lines.push(line)
    }
    open = near.has(at)
    if (line.kind !== 'new') old++
    if (line.kind !== 'old') now++
  }
  return hunks
}
