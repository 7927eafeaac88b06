import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { describeYamlProblem } from '../../server/yaml/describe.ts'
import { mapGet, nodeAt } from '../../server/yaml/find.ts'
import { parseYaml } from '../../server/yaml/parse.ts'
import { normalized, plainYaml } from '../support/yaml-plain.ts'

interface Row { readonly text: string; readonly value?: unknown; readonly error?: string; readonly type?: string }

// Made by real PyYAML: test/conformance/python/yaml_load.py.
const golden = suite('yaml as PyYAML')
for (const row of JSON.parse(readFileSync(new URL('../golden/yaml.json', import.meta.url), 'utf8')) as Row[]) {
  golden(JSON.stringify(row.text).slice(0, 80), () => {
    const document = parseYaml(row.text)
    const problem = document.problems.find(({ kind }) => kind === 'syntax') ?? document.problems.find(({ kind }) => kind === 'value')
    if (row.error === undefined) {
      assert.is(problem, undefined)
      assert.equal(plainYaml(document.root), normalized(row.value))
    } else {
      assert.ok(problem, `Python refuses it: ${row.error}`)
      // Python's own errors carry no place.
      if (row.type === 'ValueError' || row.type === 'KeyError' || row.type === 'AttributeError' || row.type === 'OverflowError') assert.is(problem.message, row.error)
      else if (row.type !== 'ReaderError') assert.is(describeYamlProblem(row.text, problem), row.error)
    }
  })
}
golden.run()

const places = suite('yaml places')
places('offsets of keys and values count UTF-16 units', () => {
  const text = '"😀": é\nb:\n  - x: "y z" # c\n    w: [1, two]\n'
  const document = parseYaml(text)
  const spans: string[] = []
  const visit = (node: typeof document.root): void => {
    if (node === null) return
    if (node.kind === 'scalar') spans.push(text.slice(node.start, node.end))
    else if (node.kind === 'seq') node.items.forEach(visit)
    else for (const { key, value } of node.entries) { visit(key); visit(value) }
  }
  visit(document.root)
  assert.equal(spans, ['"😀"', 'é', 'b', 'x', '"y z"', 'w', '1', 'two'])
})
places('nodeAt gives the way to an offset', () => {
  const text = 'models:\n  - name: a\n    columns:\n      - name: id\n'
  const { path, node } = nodeAt(parseYaml(text), text.indexOf('id'))
  assert.equal(path.map(step => step.kind === 'key' ? step.key : step.index), ['models', 0, 'columns', 0, 'name'])
  assert.is(node?.kind === 'scalar' ? node.text : '', 'id')
})
places.run()

const broken = suite('yaml broken')
const mended = (text: string): unknown => plainYaml(parseYaml(text).root)
const map = (...entries: unknown[][]): unknown => ({ map: entries })
broken('a key that is being typed is there', () => {
  assert.equal(mended('models:\n  - name: a\n    desc\n  - name: b\n'), map(['models', [map(['name', 'a'], ['desc', null]), map(['name', 'b'])]]))
})
broken('a quote left open ends with its line', () => {
  assert.equal(mended('a: "x\nb: "y"\nc: d'), map(['a', 'x'], ['b', 'y'], ['c', 'd']))
  assert.equal(mended("a: 'x\nb: y"), map(['a', 'x'], ['b', 'y']))
})
broken('a bracket left open ends where the block goes on', () => {
  assert.equal(mended('a: [1, 2\nb: 3\n'), map(['a', [{ int: '1' }, { int: '2' }]], ['b', { int: '3' }]))
})
broken('a value with a second colon keeps what follows', () => {
  assert.equal(mended('a: b: c\nd: e'), map(['a', 'b'], ['d', 'e']))
})
broken('keys indented too far belong to their mapping', () => {
  assert.equal(mended('- name: a\n   columns:\n     - name: x\n- name: b\n'), [map(['name', 'a'], ['columns', [map(['name', 'x'])]]), map(['name', 'b'])])
})
broken('tabs', () => {
  assert.equal(mended('a:\n\tb: 1\nc: 2\n'), map(['a', { map: [['b', { int: '1' }]] }], ['c', { int: '2' }]))
})
broken('a cut anywhere keeps the models before it', () => {
  const text = 'version: 2\nmodels:\n  - name: a\n    columns: [{name: x}]\n    description: "d: e"\n  - name: b\n    description: |\n      text\n    tests: [unique]\n'
  for (let cut = 0; cut <= text.length; cut++) {
    const models = mapGet(parseYaml(text.slice(0, cut)).root, 'models')
    if (cut > text.indexOf('- name: b')) assert.is(models?.kind === 'seq' && plainName(models.items[0]), 'a', text.slice(0, cut))
  }
})
function plainName(node: unknown): unknown {
  const name = mapGet(node as Parameters<typeof mapGet>[0], 'name')
  return name?.kind === 'scalar' ? name.value : undefined
}
broken('no bytes throw or hang', () => {
  const pieces = ['a', ': ', '- ', '\n', '\n  ', '"', "'", '[', ']', '{', '}', ',', '|', '>', '#', '&a ', '*a', '!!str ', '? ', '---', '...', '%', '\t', '<<: ', '\0', '\ud800', '\ufeff', '\r', '\u2028', '@']
  let seed = 7
  const random = (below: number): number => { seed = (seed * 48271) % 2147483647; return seed % below }
  for (let i = 0; i < 4000; i++) parseYaml(Array.from({ length: random(25) }, () => pieces[random(pieces.length)]).join(''))
})
broken('attacks end', () => {
  const start = performance.now()
  const lines = ['a: &a [x,x,x,x,x,x,x,x,x]']
  for (const [i, c] of [...'bcdefghijk'].entries()) lines.push(`${c}: &${c} [${Array<string>(9).fill('*' + 'abcdefghij'.charAt(i)).join()}]`)
  assert.ok(parseYaml(lines.join('\n')).problems.some(({ kind }) => kind === 'limit'))
  for (const text of ['['.repeat(20_000), '- '.repeat(20_000), '? '.repeat(20_000), 'a: "\n'.repeat(20_000), "- 'x\n".repeat(20_000), 'a: {\n'.repeat(20_000), 'a\n'.repeat(20_000) + ': b']) parseYaml(text)
  assert.ok(performance.now() - start < 20_000)
})
broken('duplicate keys are legal and said', () => {
  const document = parseYaml('a: 1\nb: 2\na: 3\n')
  assert.equal(document.problems.map(({ kind, start }) => [kind, start]), [['duplicate-key', 10]])
  assert.equal(plainYaml(document.root), map(['a', { int: '3' }], ['b', { int: '2' }]))
})
broken.run()
