import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { layoutOf, parseYaml } from '../../server/yaml/parse.ts'
import type { YamlDocument } from '../../server/yaml/nodes.ts'
import { editOf, rereadYaml } from '../../server/yaml/reread.ts'

const x = suite('yaml read again')

const TEXTS = [
  `version: 2
models:
  - name: a
    description: "one: \\"x\\"
      two"
    columns:
      - name: id
        data_tests: [unique, {accepted_values: {values: [1, 2]}}]
      - {name: other, meta: {a: 1,
        b: 2}}
  - name: b # said
    description: |
      text - with
      - dashes

      more
  -
    name: c
  - name: d
    tags: ['x''y', yes, 2001-01-01]
sources:
  - name: raw
    tables:
      - name: t
        name: u
exposures: []
`,
  `models:
- name: a
  description: >-
    folded
    text
- name: b
  x: *no
- plain
-
- - nested
  - list
seeds:
- name: s
  a: 1
  a: 2
groups: {a: [1, 2]}
`,
  `# head
---
models:

  - name: a
    <<: {k: v}

  - name: b\r
    v: 0x1F
  - "quoted"
unit_tests: [a, b]
metrics:
    - name: m
    - name: n
`,
]

function lcg(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648
}

function dump(document: YamlDocument): string {
  return JSON.stringify(document, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : typeof value === 'number' && !Number.isFinite(value) ? String(value) : value), 1)
}

/** The document after the edit, read again where that is possible; `count` counts those. */
function follow(before: YamlDocument, text: string, count: { again: number; whole: number }): YamlDocument {
  const again = rereadYaml(before, text)
  const whole = parseYaml(text)
  if (again) {
    count.again++
    if (dump(again.document) !== dump(whole)) assert.is(dump(again.document), dump(whole), JSON.stringify([layoutOf(before)?.text, text]))
    assert.is(layoutOf(again.document)?.plain, layoutOf(whole)?.plain)
  } else count.whole++
  return layoutOf(again?.document ?? whole) ? again?.document ?? whole : before
}

x('the shortest change of one text into another', () => {
  assert.equal(editOf('abc', 'abc'), null)
  assert.equal(editOf('abcd', 'aXcd'), { start: 1, end: 2, delta: 0 })
  assert.equal(editOf('aaa', 'aaaa'), { start: 3, end: 3, delta: 1 })
  assert.equal(editOf(`${'x'.repeat(9000)}1${'y'.repeat(9000)}`, `${'x'.repeat(9000)}22${'y'.repeat(9000)}`), { start: 9000, end: 9001, delta: 1 })
})

x('truncated at every offset', () => {
  const count = { again: 0, whole: 0 }
  for (const text of TEXTS) {
    const document = parseYaml(text)
    for (let end = 0; end <= text.length; end++) follow(document, text.slice(0, end), count)
  }
  assert.ok(count.again > count.whole / 2, JSON.stringify(count))
})

const PIECES = ['x', ' ', '\n', '\n  ', ':', ': ', '- ', '\n  - name: new\n', '\n- name: new\n', '"', "'", '[', ']', '{', '}', '#', ' # c', '&a ', '*a', '!!str ', '|\n', '\t', 'name: z', '\nseeds:\n', '---\n', '<<: ', '1', '\r\n', '    a: 1\n    a: 2\n', '\u2028', '\u0007', '? ']

x('pieces at all offsets', () => {
  const count = { again: 0, whole: 0 }
  for (const text of TEXTS) {
    const document = parseYaml(text)
    for (let at = 0; at <= text.length; at++) PIECES.forEach((piece, index) => { if ((at + index) % 8 === 0) follow(document, text.slice(0, at) + piece + text.slice(at), count) })
  }
  assert.ok(count.again > count.whole, JSON.stringify(count))
})

for (const seed of [1, 2]) {
  x(`one edit after the other (${seed})`, () => {
    const random = lcg(seed)
    const count = { again: 0, whole: 0 }
    for (const start of TEXTS) {
      let text = start
      let document = parseYaml(text)
      for (let step = 0; step < 120; step++) {
        const at = Math.floor(random() * (text.length + 1))
        const gone = random() < 0.4 ? Math.floor(random() * 12) : 0
        const piece = random() < 0.8 ? PIECES[Math.floor(random() * PIECES.length)] ?? '' : start.slice(at, at + Math.floor(random() * 60))
        const next = text.slice(0, at) + piece + text.slice(at + gone)
        document = follow(document, next, count)
        text = layoutOf(document)?.text ?? start
      }
    }
    assert.ok(count.again > 100, JSON.stringify(count))
  })
}

x('items that did not change are the same, or the same further on', () => {
  const text = TEXTS[0] ?? ''
  const document = parseYaml(text)
  const again = rereadYaml(document, text.replace('# said', '# says it'))
  assert.ok(again?.change)
  const [before, after] = [document, again.document].map((each) => (each.root?.kind === 'map' ? each.root.entries : []))
  assert.is(after?.[0], before?.[0])
  const items = [before, after].map((entries) => (entries?.[1]?.value.kind === 'seq' ? entries[1].value.items : []))
  assert.is(items[1]?.[0], items[0]?.[0])
  assert.is.not(items[1]?.[1], items[0]?.[1])
  assert.is(items[1]?.[3]?.start, (items[0]?.[3]?.start ?? 0) + 3)
})

x.run()
