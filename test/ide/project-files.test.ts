// dbt_project.yml, packages.yml, selectors.yml and dbt_loom.config.yml in the editor.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { completion } from '../../server/ide/completion.ts'
import { definition } from '../../server/ide/definition.ts'
import { hover } from '../../server/ide/hover.ts'
import { references } from '../../server/ide/references.ts'
import { documentSymbols } from '../../server/ide/symbols.ts'
import { snapshotOf } from '../support/snapshot.ts'

const x = suite('files of the project')

const FILES: Readonly<Record<string, string>> = {
  'dbt_project.yml': 'name: p\nprofile: p\nvars:\n  days: 3\nmodels:\n  p:\n    marts:\n      orders:\n        +materialized: view\n',
  'packages.yml': 'packages:\n  - local: ../lib\n',
  'selectors.yml': "selectors:\n  - name: weekly\n    description: Once a week.\n    definition: 'tag:mart,orders+'\n  - name: all\n    definition: {method: selector, value: weekly}\n",
  'models/marts/orders.sql': "select {{ var('days') }}\n",
  'models/marts/m.yml': 'models:\n  - name: orders\n    config: {tags: [mart]}\n',
}

interface Wanted { readonly offers?: string; readonly never?: string; readonly says?: string; readonly to?: string; readonly uses?: readonly string[] }

/** `text` replaces the file; the cursor is its `$0`. */
function at(name: string, path: string, text: string, wanted: Wanted): void {
  x(name, async () => {
    const files = Object.entries({ ...FILES, [path]: text }).map(([each, content]) => `  //- ${each}\n${content.replace(/^(?=.)/gm, '  ')}`)
    const scenery = await snapshotOf(`\n${files.join('')}`)
    const { snapshot, offset } = scenery
    const labels = completion(snapshot, scenery.path, offset).items.map((each) => each.label)
    for (const label of wanted.offers?.split(' ') ?? []) assert.ok(labels.includes(label), `${label} is not among ${labels.join(' ')}`)
    for (const label of wanted.never?.split(' ') ?? []) assert.not(labels.includes(label), label)
    if (wanted.says !== undefined) assert.ok(hover(snapshot, scenery.path, offset)?.text.includes(wanted.says), `hover: ${hover(snapshot, scenery.path, offset)?.text ?? ''}`)
    if (wanted.to !== undefined) assert.equal(definition(snapshot, scenery.path, offset).map((each) => each.target.path), [wanted.to])
    if (wanted.uses !== undefined) assert.equal(references(snapshot, scenery.path, offset, { declaration: true }).map((each) => each.path), wanted.uses)
  })
}

const PROJECT = 'name: p\nprofile: p\n'
at('keys of a project', 'dbt_project.yml', `${PROJECT}$0`, { offers: 'model-paths vars on-run-end dispatch flags require-dbt-version', never: 'name profile project-root' })
at('a key says what it means', 'dbt_project.yml', `${PROJECT}model-pa$0ths: [models]\n`, { says: 'Directories of models' })
at('packages below models', 'dbt_project.yml', `${PROJECT}models:\n  $0\n`, { offers: 'p +materialized +tags' })
at('folders below a package', 'dbt_project.yml', `${PROJECT}models:\n  p:\n    $0\n`, { offers: 'marts +schema', never: 'orders' })
at('models below a folder', 'dbt_project.yml', `${PROJECT}models:\n  p:\n    marts:\n      $0\n`, { offers: 'orders' })
at('configuration of seeds', 'dbt_project.yml', `${PROJECT}seeds:\n  p:\n    +$0\n`, { offers: '+delimiter +quote_columns', never: '+check_cols' })
at('values of configuration', 'dbt_project.yml', `${PROJECT}models:\n  p:\n    +materialized: $0\n`, { offers: 'view table incremental' })
at('configuration says what it means', 'dbt_project.yml', `${PROJECT}models:\n  p:\n    +mater$0ialized: view\n`, { says: 'How the model is built' })
at('flags', 'dbt_project.yml', `${PROJECT}flags:\n  $0\n`, { offers: 'send_anonymous_usage_stats state_modified_compare_vars' })
at('one model by its way', 'dbt_project.yml', `${PROJECT}models:\n  p:\n    marts:\n      ord$0ers:\n        +tags: [a]\n`, { says: 'model `orders`', to: '/p/models/marts/orders.sql' })
at('a variable', 'dbt_project.yml', `${PROJECT}vars:\n  da$0ys: 3\n`, { says: '= `3`', uses: ['/p/dbt_project.yml', '/p/models/marts/orders.sql'] })
at('a macro in a hook', 'dbt_project.yml', `${PROJECT}on-run-end: ["{{ ref('ord$0ers') }}"]\n`, { says: 'model `orders`', to: '/p/models/marts/orders.sql' })

at('keys of a package', 'packages.yml', 'packages:\n  - $0\n', { offers: 'package git local tarball' })
at('more keys of a package', 'packages.yml', 'packages:\n  - git: x\n    $0\n', { offers: 'revision subdirectory', never: 'git' })
at('a local package', 'packages.yml', 'packages:\n  - local: ../l$0ib\n', { to: '/lib/dbt_project.yml' })

const UNION = "selectors:\n  - name: weekly\n    definition:\n      union:\n        - method: "
at('keys of a selector', 'selectors.yml', 'selectors:\n  - name: x\n    $0\n', { offers: 'description default definition', never: 'name' })
at('keys of a definition', 'selectors.yml', 'selectors:\n  - name: x\n    definition:\n      $0\n', { offers: 'method value union exclude children' })
at('methods', 'selectors.yml', `${UNION}$0\n`, { offers: 'fqn tag path source selector state' })
at('tags', 'selectors.yml', `${UNION}tag\n          value: $0\n`, { offers: 'mart' })
at('models', 'selectors.yml', `${UNION}fqn\n          value: ord$0ers\n`, { offers: 'orders', says: 'model `orders`', to: '/p/models/marts/orders.sql' })
at('a model in selection syntax', 'selectors.yml', "selectors:\n  - name: x\n    definition: 'tag:mart,1+ord$0ers+'\n", { says: 'model `orders`', to: '/p/models/marts/orders.sql' })
at('another selector', 'selectors.yml', `selectors:\n  - name: x\n    definition: {method: selector, value: wee$0kly}\n  - name: weekly\n    description: Once a week.\n    definition: 'a'\n`, { says: 'Once a week.', to: '/p/selectors.yml', uses: ['/p/selectors.yml', '/p/selectors.yml'] })

at('keys of a manifest', 'dbt_loom.config.yml', 'manifests:\n  - name: up\n    $0\n', { offers: 'type config optional', never: 'name' })
at('the manifest', 'dbt_loom.config.yml', 'manifests:\n  - name: up\n    type: file\n    config: {path: ../up/man$0ifest.json}\n', { to: '/up/manifest.json' })

x('symbols', async () => {
  const { snapshot } = await snapshotOf(`\n${Object.entries(FILES).map(([each, content]) => `  //- ${each}\n${content.replace(/^(?=.)/gm, '  ')}`).join('')}`)
  const names = (path: string): string[] => documentSymbols(snapshot, path).map((each) => each.name)
  assert.equal([names('/p/dbt_project.yml'), names('/p/packages.yml'), names('/p/selectors.yml')], [['name', 'profile', 'vars', 'models'], ['../lib'], ['weekly', 'all']])
})

x.run()
