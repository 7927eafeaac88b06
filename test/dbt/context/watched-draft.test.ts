import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { NodeDraft } from '../../../server/dbt/context/types.ts'
import { SharedEvaluations } from '../../../server/dbt/context/watched-draft.ts'
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

x('what leaves something behind is never shared', () => assert.is(ran(() => 1, NODES, false).ran.length, 5))

x.run()
