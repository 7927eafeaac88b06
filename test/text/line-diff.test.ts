import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { diffText, lineDiff } from '../../server/text/line-diff.ts'

const diff = suite('line diff')

diff('changed lines with two around them', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni'
  assert.equal(diffText(before, before.replace('e', 'E')), ['@@ 3 → 3 @@', ' c', ' d', '-e', '+E', ' f', ' g'])
  assert.equal(diffText(before, before.replace('b\n', '').replace('h', 'h\nh2')), ['@@ 1 → 1 @@', ' a', '-b', ' c', ' d', '@@ 7 → 6 @@', ' g', ' h', '+h2', ' i'])
})

diff('nothing, everything, and what no line shows', () => {
  assert.equal(diffText('a', 'a'), [])
  assert.equal(diffText('', 'x'), ['@@ 1 → 1 @@', '-', '+x'])
  assert.equal(diffText('a\nb', 'a\r\nb'), ['(line ends, or blanks at the start or end of the text)'])
})

diff('a cut tells what is left out', () => {
  const lines = diffText('', Array.from({ length: 30 }, (_, at) => String(at)).join('\n'), 5)
  assert.equal(lines, ['@@ 1 → 1 @@', '-', '+0', '+1', '… 28 more lines'])
})

diff('put together again, each side is whole: random texts', () => {
  let seed = 7
  const next = (of: number): number => { seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648; return seed % of }
  for (let round = 0; round < 300; round++) {
    const make = (): string => Array.from({ length: next(12) }, () => 'abc'[next(3)] ?? '').join('\n')
    const [before, after] = [make(), make()]
    const lines = lineDiff(before, after, 99).flatMap((hunk) => hunk.lines)
    if (before === after) continue
    assert.is(lines.filter(({ kind }) => kind !== 'new').map(({ text }) => text).join('\n'), before)
    assert.is(lines.filter(({ kind }) => kind !== 'old').map(({ text }) => text).join('\n'), after)
  }
})

diff('texts that share nothing cost linear time', () => {
  const [before, after] = ['x', 'y'].map((letter) => Array.from({ length: 20_000 }, (_, at) => `${letter}${at}`).join('\n'))
  const started = process.cpuUsage()
  assert.is(lineDiff(before ?? '', after ?? '').length, 1)
  assert.ok(process.cpuUsage(started).user < 3_000_000)
})

diff.run()
