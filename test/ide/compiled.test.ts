// The compiled document: text in, text out; marks; the way between both texts.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compileNode } from '../../server/dbt/compile/compile.ts'
import type { Snapshot } from '../../server/dbt/snapshot.ts'
import { compiledDocument, type CompiledDocument } from '../../server/ide/compiled.ts'
import { toCompiled, toSource, selectionToSource } from '../../server/ide/compiled-map.ts'
import { snapshotOf } from '../support/snapshot.ts'

const documents = suite('compiled document')

const MACROS = `
    //- macros/lib.sql
    {% macro cents(column) %}
      round({{ column }} / 100, 2)
    {%- endmacro %}
    {% macro from_orders() %}from {{ ref('t') }} as o{% endmacro %}
    {% macro wrap() %}( {{ caller() }} ){% endmacro %}
    {% macro forever(n) %}{{ forever(n) }}{{ forever(n) }}{% endmacro %}
    {% macro counting() %}{% for i in range(90000) %}{% for j in range(90000) %}{{ j }}{% endfor %}{% endfor %}{% endmacro %}
    {% macro columns_of() %}a, {{ adapter.check_schema_exists(1, 2) }}, b{% endmacro %}
    //- models/t.sql
    select 1 as id
    //- prod
    model t prod_db.core.t
    //- dev
    main.other`

async function previewOf(sql: string): Promise<{ document: CompiledDocument; source: string; snapshot: Snapshot; path: string; files: ReadonlyMap<string, string> }> {
  const { snapshot, fixture } = await snapshotOf(`
    //- models/m.sql
${sql.split('\n').map((line) => `    ${line}`).join('\n')}
${MACROS}
  `)
  const path = '/p/models/m.sql'
  const document = compiledDocument(snapshot, path)
  if (!document) throw new Error('nothing is compiled')
  return { document, source: fixture.files.get(path) ?? '', snapshot, path, files: fixture.files }
}

const cut = (text: string, span: { start: number; end: number } | null | undefined): string | null => (span ? text.slice(span.start, span.end) : null)

documents('text, marks and the way between both texts', async () => {
  const { document, source, path } = await previewOf("select id, {{ 40 + 2 }} as n\nfrom {{ ref('t') }}")
  assert.is(document.text, 'select id, 42 as n\nfrom "prod_db"."core"."t"')
  assert.is(document.exact, true)
  assert.equal(document.marks.map((mark) => [cut(document.text, mark), mark.kind]), [['"prod_db"."core"."t"', 'prod']])
  const [there] = toCompiled(document, path, { start: source.indexOf("'t'"), end: source.indexOf("'t'") })
  assert.is(cut(document.text, there), '"prod_db"."core"."t"')
  assert.is(cut(source, toSource(document, document.text.indexOf('core'))?.place), "ref('t')")
  assert.is(toSource(document, document.text.indexOf('as n'))?.place.start, source.indexOf('as n'))
})

documents('what a variable that holds a template gives stands at the call that asks for it', async () => {
  const { snapshot, fixture } = await snapshotOf(`
    //- dbt_project.yml
    name: p
    profile: p
    vars:
      limit: "{{ 5 if target.type not in ['athena', 'trino', 'clickhouse', 'spark'] else 4 }} of them, at most that many rows"
    //- models/m.sql
    select 1 limit {{ var('limit') }}
    from a_table_with_a_name where x = 1
  `)
  const path = '/p/models/m.sql'
  const document = compiledDocument(snapshot, path)
  const source = fixture.files.get(path) ?? ''
  if (!document) throw new Error('nothing is compiled')
  assert.match(document.text, 'limit 5 of them, at most that many rows\nfrom a_table')
  for (const word of ['5', 'of them', 'rows']) assert.is(cut(source, toSource(document, document.text.indexOf(word))?.place), "var('limit')", word)
  const at = source.indexOf('a_table')
  assert.equal(toCompiled(document, path, { start: at, end: at }).map(({ start }) => document.text.slice(start, start + 7)), ['a_table'])
  const seen = [...document.trace?.values.keys() ?? []].map((key) => key.split(':').map(Number)).map(([start = 0, end = 0]) => source.slice(start, end))
  assert.ok(seen.every((text) => text.startsWith('var') || text.startsWith("'limit")), seen.join(' | '))
})

documents('text of a macro maps to the macro, and to the call', async () => {
  const { document, source, path, files } = await previewOf("select {{ cents('x') }} as n\n{{ from_orders() }}")
  const lib = files.get('/p/macros/lib.sql') ?? ''
  assert.match(document.text, /select \s*round\(x \/ 100, 2\) as n\nfrom "prod_db"."core"."t" as o/)
  const round = toSource(document, document.text.indexOf('100'))
  assert.is(round?.place.path, '/p/macros/lib.sql')
  assert.is(round?.place.start, lib.indexOf('100'))
  assert.is(round?.macro, 'macro.p.cents')
  assert.equal(round?.chain.map((site) => cut(source, site)), ["cents('x')"])
  const relation = toSource(document, document.text.indexOf('core'))
  assert.is(cut(lib, relation?.place), "ref('t')")
  assert.equal(document.marks.map((mark) => [cut(document.text, mark), mark.kind]), [['"prod_db"."core"."t"', 'prod']])
  // From the macro's own text, and from the call, back.
  assert.is(cut(document.text, toCompiled(document, '/p/macros/lib.sql', { start: lib.indexOf('round'), end: lib.indexOf('round') + 5 })[0]), 'round')
  assert.is(cut(document.text, toCompiled(document, path, { start: source.indexOf('from_orders'), end: source.indexOf('from_orders') })[0]), 'from "prod_db"."core"."t" as o')
})

documents('variables, block sets, call blocks, filters and joins keep their places', async () => {
  const { document, files, source } = await previewOf([
    '{% set part %}sum(amount) as total{% endset %}',
    "{% set n = cents('amount') %}",
    'select {{ part }}, {{ n | trim }}, {{ [n | trim, part] | join(", ") }}',
    '{% call wrap() %}select inner_one{% endcall %}',
  ].join('\n'))
  const lib = files.get('/p/macros/lib.sql') ?? ''
  const places = (word: string): (string | number | undefined)[][] => {
    const found: (string | number | undefined)[][] = []
    for (let at = document.text.indexOf(word); at >= 0; at = document.text.indexOf(word, at + 1)) { const place = toSource(document, at)?.place; found.push([place?.path, place?.start]) }
    return found
  }
  assert.equal(places('sum'), [['/p/models/m.sql', source.indexOf('sum')], ['/p/models/m.sql', source.indexOf('sum')]])
  assert.equal(places('round'), [['/p/macros/lib.sql', lib.indexOf('round')], ['/p/macros/lib.sql', lib.indexOf('round')]])
  assert.equal(places('inner_one'), [['/p/models/m.sql', source.indexOf('inner_one')]])
})

documents('loops give several counterparts, a tag without output the place where it would be', async () => {
  const { document, source, path } = await previewOf("select {% for c in ['a', 'b'] %}{{ c }}, {% endfor %}1\n{% set x = 1 %}")
  assert.is(document.text, 'select a, b, 1\n')
  const at = source.indexOf('{{ c') + 4
  assert.equal(toCompiled(document, path, { start: at, end: at }).map((span) => cut(document.text, span)), ['a', 'b'])
  assert.is(toCompiled(document, path, { start: source.indexOf('set x'), end: source.indexOf('set x') })[0]?.start, document.text.length)
  assert.is(cut(source, selectionToSource(document, { start: document.text.indexOf('1'), end: document.text.length })?.place), '1\n')
})

documents('the body of an ephemeral model maps to its file', async () => {
  const { snapshot, fixture } = await snapshotOf(`
    //- models/m.sql
    select * from {{ ref('e') }}
    //- models/e.sql
    {{ config(materialized='ephemeral') }}select 7 as seven
  `)
  const document = compiledDocument(snapshot, '/p/models/m.sql')
  assert.ok(document)
  if (!document) return
  assert.is(document.text, 'with __dbt__cte__e as (\nselect 7 as seven\n) select * from __dbt__cte__e')
  const seven = toSource(document, document.text.indexOf('seven'))
  assert.equal([seven?.place.path, seven?.place.start, seven?.own], ['/p/models/e.sql', fixture.files.get('/p/models/e.sql')?.indexOf('seven'), null])
})

const broken: readonly (readonly [string, string, string])[] = [
  ['an open call', "select {{ ref('t' }} from x, {{ ref('t') }}", 'select /* ✗ unexpected \'}\', expected \')\' */ {{ ref(\'t\' }} from x, "prod_db"."core"."t"'],
  ['an open string', "select {{ ref('t\nfrom {{ ref('t') }} z", 'select /* ✗ unexpected char "\'" at 14 */ {{ ref(\'t\nfrom "prod_db"."core"."t" z'],
  ['an open tag at the end', "select 1 from {{ ref('t') }}, {{ re", 'select 1 from "prod_db"."core"."t", /* ✗ unexpected end of template, expected \'end of print statement\'. */ {{ re'],
  ['an open comment', 'select 1 {# why\nfrom t', "select 1 \nfrom t/* ✗ Missing end of comment tag */ {# why"],
  ['one brace too few', 'select {{ 1 }, {{ 2 }} from t', "select /* ✗ unexpected '}' */ {{ 1 }, 2 from t"],
  ['in a branch that is not taken', "select 1 {% if false %}{{ ref('t }}{% endif %}\nfrom t", "select 1 \nfrom t/* ✗ unexpected char \"'\" at 30 */ {{ ref('t }}{% endif %}"],
  ['an open if', "select 1 {% if true %}, 2 {{ 1 + 2 }}", 'select 1 , 2 3'],
  ['an if without a condition', 'select 1 {% if %}, 2{% endif %} from {{ 3 }}', "select 1 /* ✗ Expected an expression, got 'end of statement block' */ {% if %}, 2 from 3"],
  ['a loop without anything to loop over', 'select 1 {% for i in %}, 2{% endfor %} from {{ 3 }}', "select 1 /* ✗ Expected an expression, got 'end of statement block' */ {% for i in %}, 2{% endfor %} from 3"],
  ['a set without a value', 'select {% set x = %}{{ x }} + {{ 3 }}', "select /* ✗ Expected an expression, got 'end of statement block' */ {% set x = %}/* ✗ Expected an expression, got 'end of statement block' */ {{ x }} + 3"],
  ['an end without a beginning', 'select 1 {% endif %} + {{ 3 }}', "select 1 /* ✗ Encountered unknown tag 'endif'. */ {% endif %} + 3"],
  ['a ref to nothing', "select 1 from {{ ref('gone') }}, {{ 3 }}", "select 1 from /* ✗ Model 'model.p.m' (models/m.sql) depends on a node named 'gone' which was not found */ {{ ref('gone') }}, 3"],
  ['an error inside a macro', 'select {{ cents(1, 2, 3) }}, {{ 3 }}', "select /* ✗ macro 'dbt_macro__cents' takes not more than 1 argument(s) */ {{ cents(1, 2, 3) }}, 3"],
  ['an unknown name used', 'select {{ nope.thing() }}, {{ 3 }}', "select /* ✗ 'nope' is undefined */ {{ nope.thing() }}, 3"],
  ['a part that only the warehouse knows, within a macro', 'select {{ columns_of() }}, {{ 3 }}', 'select a, {{ adapter.check_schema_exists(1, 2) }}, b, 3'],
]

for (const [name, sql, text] of broken) {
  documents(`half-typed: ${name}`, async () => {
    const { document } = await previewOf(sql)
    assert.is(document.text, text)
    assert.is(document.exact, false)
    for (const mark of document.marks.filter((each) => each.kind === 'broken')) assert.ok(mark.message)
    for (const mark of document.marks.filter((each) => each.kind === 'broken')) assert.ok(/^(?:\/\* ✗|-- )/.test(document.text.slice(mark.start)), 'the reason belongs to the mark')
  })
}

documents('macros that never end name themselves', async () => {
  const { document } = await previewOf('select {{ forever(1) }}')
  assert.match(document.text, /^select \n-- .*\(in macro p\.forever\)/s)
  const counting = await previewOf('select {{ counting() }}')
  assert.match(counting.document.text, /-- .*macro p\.counting/)
})

documents('a compiled text that is too long is cut, and says so', async () => {
  const { document } = await previewOf("select '{{ 'x' * 6000000 }}'")
  assert.ok(document.text.length < 5.1 * 1024 * 1024)
  assert.match(document.text.slice(-80), /-- cut here: the compiled text is longer than 5 MB\n$/)
  const more = await previewOf("{% for i in range(100) %}{{ 'x' * 1000000 }}{% endfor %}")
  assert.ok(more.document.text.length < 5.1 * 1024 * 1024)
  assert.match(more.document.text.slice(-200), /-- cut here/)
})

documents('previews of whole templates are what dbt writes', async () => {
  for (const sql of ["select {{ cents('x') }}\n{{ from_orders() }}", "{% set p %}a{{ 1 }}b{% endset %}{{ p | upper }}{% call wrap() %}{{ p }}{% endcall %}", '{% for i in [1, 2] recursive %}{{ i }}{% endfor %}', "{{ cents('x') | indent(2) }}{{ ['a', cents('b')] }}"]) {
    const { document, snapshot } = await previewOf(sql)
    const node = snapshot.manifest.nodes.get('model.p.m')
    assert.is(node ? compileNode(snapshot, node)?.compiled_code : null, document.text)
    assert.is(document.exact, true)
    assert.is(document.spans.map((span) => document.text.slice(span.start, span.end)).join(''), document.text)
  }
})

documents('nothing for a file that is no node', async () => {
  const { snapshot } = await snapshotOf('select 1')
  assert.is(compiledDocument(snapshot, '/p/dbt_project.yml'), null)
})

documents.run()
