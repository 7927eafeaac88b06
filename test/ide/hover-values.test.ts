// Hover on Jinja: values, expansions, branches.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { hover } from '../../server/ide/hover.ts'
import { snapshotOf } from '../support/snapshot.ts'

const values = suite('hover values')

const MORE = `
    //- macros/lib.sql
    {% macro cents(column) %}round({{ column }} / 100, 2){% endmacro %}
    //- dbt_project.yml
    name: p
    profile: p
    vars: {from: 2020}`

async function hoverOf(sql: string): Promise<string | null> {
  const { snapshot, path, offset } = await snapshotOf(`
    //- models/m.sql
${sql.split('\n').map((line) => `    ${line}`).join('\n')}
${MORE}
  `, { env: { DBT_ENV_SECRET_X: 'very-secret', MY_PASSWORD: 'hunter22' } })
  return hover(snapshot, path, offset)?.text ?? null
}

const cases: readonly (readonly [string, string, RegExp])[] = [
  ['a variable', '{% set n = 40 + 2 %}select {{ $0n }}', /^`n` is\n\n`42` \(int\)$/],
  ['an expression', "select {{ ['a', 'b'] |$0 join('-') }}", /is\n\n```sql\na-b\n```$/],
  ['a loop variable', "select {% for c in ['a', 'b'] %}{{ $0c }}{% endfor %}", /```sql\na\n```\n\n```sql\nb\n```$/],
  ['a macro call and its expansion', "select {{ ce$0nts('x') }}", /macro `cents\(column\)`[\s\S]*```sql\nround\(x \/ 100, 2\)\n```$/],
  ['an if that is taken', "{% set n = 3 %}{% i$0f n > 2 %}a{% else %}b{% endif %}", /^\*\*takes the branch `if n > 2`\*\*\n\n- `if n > 2`: true\n {2}- `n` is `3`$/],
  ['an if that is not', "{% set kind = 'x' %}{% i$0f kind == 'y' %}a{% elif kind %}c{% else %}b{% endif %}", /^\*\*takes the branch `elif kind`\*\*\n\n- `if kind == 'y'`: false\n {2}- `kind` is `'x'`\n- `elif kind`: true/],
  ['an if without a branch', '{% i$0f false or none %}a{% endif %}', /takes the branch `else`, of which there is none/],
  ['an if that hangs on the warehouse', '{% i$0f run_query("select 1") %}a{% endif %}', /which branch is taken differs or is not known/],
  ['a secret value', "{% set x = env_var('MY_PASSWORD') ~ '1' %}select {{ $0x }}", /```sql\n\*\*\*\*\*1\n```$/],
  ['the namespace of a macro', "select {{ $0p.cents('x') }}", /```sql\nround\(x \/ 100, 2\)\n```$/],
  ['a set tag', "{% s$0et n = 40 + 2 %}select {{ n }}", /^`40 \+ 2` is\n\n`42` \(int\)$/],
  ['in half-typed text', "{% set n = 3 %}select {{ $0n }} from {{ ref('", /`3` \(int\)/],
]

for (const [name, sql, expected] of cases) {
  values(name, async () => {
    const text = await hoverOf(sql)
    assert.match(text ?? '', expected)
    assert.not.match(text ?? '', /very-secret|hunter22/)
  })
}

values.run()
