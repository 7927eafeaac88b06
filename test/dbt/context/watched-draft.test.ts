import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { draftDict } from '../../../server/dbt/context/draft-dict.ts'
import type { NodeDraft } from '../../../server/dbt/context/types.ts'
import { SharedEvaluations, isGeneric } from '../../../server/dbt/context/watched-draft.ts'
import type { Value } from '../../../server/jinja/value.ts'

const x = suite('evaluations shared by nodes')

function draft(name: string, config: readonly (readonly [string, Value])[]): NodeDraft {
  return {
    unique_id: `model.p.${name}`, resource_type: 'model', name, package_name: 'p', path: `${name}.sql`, original_file_path: `models/${name}.sql`, fqn: ['p', name], language: 'sql', version: null, raw_code: '', file: `/p/models/${name}.sql`, offset: 0,
    config: new Map(config), database: 'd', schema: 's', alias: name, model: new Map(), testKwargs: null,
  }
}

/** The names of the nodes for which `read` really ran. */
function ran(read: (draft: NodeDraft) => unknown, nodes: readonly NodeDraft[], shareable = true): { readonly ran: string[]; readonly results: unknown[] } {
  const shared = new SharedEvaluations<unknown>()
  const names: string[] = []
  const results = nodes.map(node => shared.get('k', node, one => { names.push(node.name); return read(one) }, () => shareable))
  return { ran: names, results }
}

const NODES = [draft('a', [['materialized', 'view']]), draft('b', [['materialized', 'view']]), draft('c', [['materialized', 'view']]), draft('d', [['materialized', 'table']]), draft('e', [['materialized', 'table'], ['tags', 'x']])]

x('what reads nothing runs twice: once unseen, once watched', () => assert.equal(ran(() => 1, NODES).ran, ['a', 'b']))

x('what reads a key runs once for each of its values', () => {
  const { ran: names, results } = ran(one => one.config.get('materialized'), NODES)
  assert.equal(names, ['a', 'b', 'd'])
  assert.equal(results, ['view', 'view', 'view', 'table', 'table'])
})

x('what looks whether there is a key reads it', () => assert.equal(ran(one => one.config.has('tags'), NODES).results, [false, false, false, false, true]))

x('what goes over the config, or reads a name, runs for every node', () => {
  assert.equal(ran(one => [...one.config.keys()].length, NODES).results, [1, 1, 1, 1, 2])
  assert.equal(ran(one => one.name, NODES).results, ['a', 'b', 'c', 'd', 'e'])
})

x('a field of `model` that all nodes have alike is shared by nodes with declarations of their own', () => {
  const declared = NODES.map((node, index) => ({ ...node, declared: { checksum: { name: 'sha256', checksum: `${index}` }, index: null, tags: [], test: null } }))
  const rules = { jinjaHas: new Set<'deferred'>() }
  assert.equal(ran(one => draftDict(one, rules).get('resource_type'), declared).ran, ['a', 'b'])
  assert.is(ran(one => draftDict(one, rules).get('checksum'), declared).ran.length, 5)
})

x('generic tests are told from other nodes, their arguments from each other', () => {
  const tests = NODES.map((node, index) => ({ ...node, testKwargs: index === 4 ? null : new Map<string, Value>([['n', BigInt(index)]]) }))
  assert.equal(ran(isGeneric, tests), { ran: ['a', 'b', 'e'], results: [true, true, true, true, false] })
  assert.is(ran(one => one.testKwargs, tests).ran.length, 5)
})

x('a key with many results is watched as long as they are found again', () => {
  const kinds = (count: number, each: number): NodeDraft[] => Array.from({ length: count * each }, (_, index) => draft(`${index}`, [['kind', BigInt(Math.floor(index / each))]]))
  assert.is(ran(one => one.config.get('kind'), kinds(20, 10)).ran.length, 21)
  assert.is(ran(one => one.config.get('kind'), kinds(100, 1)).ran.length, 100)
})

x('what leaves something behind is never shared', () => assert.is(ran(() => 1, NODES, false).ran.length, 5))

x.run()
