// Diagnostics: which codes, where, and what one broken piece must not cost the others.

import { suite } from 'uvu'
import { checkActions, checkDiagnostics } from '../support/check.ts'

const diagnostics = suite('diagnostics')

diagnostics('an unknown ref, on the name', () => checkDiagnostics(`
  select * from {{ ref('nope') }}
                        ^^^^ error ref-not-found: 'nope' which was not found
`))
diagnostics('an unknown source', () => checkDiagnostics(`
  select * from {{ source('till', 'nope') }}
                                   ^^^^ error source-not-found
`))
diagnostics('a disabled model', () => checkDiagnostics(`
  select * from {{ ref('off') }}
                        ^^^ error ref-disabled: which is disabled
  //- models/off.sql
  {{ config(enabled=false) }} select 1
`))
diagnostics('a private model of another group', () => checkDiagnostics(`
  select * from {{ ref('secret') }}
                        ^^^^^^ error ref-forbidden
  //- models/secret.sql
  select 1
  //- models/m.yml
  groups: [{name: g, owner: {name: me}}]
  models:
    - name: secret
      access: private
      group: g
`))
diagnostics('a ref in a macro is shown at the call', () => checkDiagnostics(`
  select * from {{ latest() }}
                   ^^^^^^^^ error ref-not-found
  //- macros/latest.sql
  {% macro latest() %}{{ ref('nope') }}{% endmacro %}
`))
diagnostics('a macro that is none', () => checkDiagnostics(`
  select {{ censt('a') }}
            ^^^^^ warning macro-not-found: 'censt' is undefined
  //- macros/cents.sql
  {% macro cents(column) %}{% endmacro %}
`))
diagnostics('a variable that nothing defines: dbt stops when it compiles the node', () => checkDiagnostics(`
  select {{ var('nope') }} {{ var('here') }} {{ var('nope', 1) }} {{ var(name) }}
                ^^^^^^ error var-missing: Required var 'nope' not found in config:
  {% if var('nope', none) %}{{ var('nope') }}{% endif %}{# {{ var('nope') }} #}
  {% macro m() %}{{ var('nope') }}{% endmacro %}{% set name = 'here' %}
  //- dbt_project.yml
  name: p
  profile: p
  vars: {here: 1}
`))
diagnostics('an environment variable that is missing in YAML', () => checkDiagnostics(`
  //- models/m.sql
  select 1
  //- models/m.yml
  models: [{name: m, config: {alias: "{{ env_var('NOT_THERE') }}"}}]
                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error env-var-missing: Env var required but not provided: 'NOT_THERE'
`))
diagnostics('arguments that a macro does not take, in a branch and in a macro', () => checkDiagnostics(`
  select {% if execute %}{{ cents('a', scael=2) }} {{ cents('a', 2, 3) }} {{ cents() }} {{ free(1, x=2) }}{% endif %}
                                       ^^^^^ warning macro-arguments: macro 'cents' takes no keyword argument 'scael'
                                                                    ^ warning macro-arguments: macro 'cents' takes not more than 2 argument(s)
  //- macros/cents.sql
  {% macro cents(column, scale=2) %}{% endmacro %}
  {% macro free() %}{{ varargs }}{{ kwargs }}{% endmacro %}
  //- macros/other.sql
  {% macro other(cents_of) %}{{ cents(column=1, column=2) }}{{ cents(1, column=2) }}{{ cents_of(1, 2, 3) }}{% endmacro %}
                                                                        ^^^^^^ warning macro-arguments: no keyword argument 'column'
`))
diagnostics('names that the template makes itself are no macros', () => checkDiagnostics(`
  {% macro own(x) %}{{ x }}{% endmacro %}
  {% set f = own %}{{ own(1) }}{{ f(1) }}{% for g in [own] %}{{ g(1) }}{{ loop.cycle(1) }}{% endfor %}{{ dateadd('a', 1, 'b') }}{{ range(3) }}
`))
diagnostics('broken Jinja costs its own node alone', () => checkDiagnostics(`
  //- models/a.sql
  select {{ ref('b') }} {% if %}
                              ^^ error template-syntax
  //- models/b.sql
  select * from {{ ref('nope') }}
                        ^^^^ error ref-not-found
`))
diagnostics('not in the state, and absent', () => checkDiagnostics(`
  //- prod
  model a prod.core.a at models/a.sql
  //- dev
  dev_me.something
  //- models/a.sql
  select * from {{ ref('fresh') }}
                        ^^^^^ error prod-missing: build it first
  //- models/fresh.sql
  select 1
`))
diagnostics('a leftover in dev', () => checkDiagnostics(`
  //- prod
  model users prod.core.users at models/users.sql as view
  //- dev
  dev_me.users
  //- models/a.sql
  select * from {{ ref('users') }}
                        ^^^^^ warning dev-shadows-prod: leftover
  //- models/users.sql
  select 1
`))
diagnostics('unknown is no error', () => checkDiagnostics(`
  {% set found = run_query('select 1') %}
  {% if execute %}select * from {{ ref(found.columns[0][0]) }}{% endif %}
`))
diagnostics('did you mean', () => checkActions(`
  select * from {{ ref('usr$0s') }}
  //- models/users.sql
  select 1
`, ["Change to 'users'"], { title: "Change to 'users'", after: "select * from {{ ref('users') }}" }))
diagnostics('did you mean, for macros', () => checkActions(`
  select {{ cen$0st('a') }}
  //- macros/cents.sql
  {% macro cents(column) %}{% endmacro %}
`, ["Change to 'cents'"], { title: "Change to 'cents'", after: "select {{ cents('a') }}" }))
diagnostics('switches on a ref', () => checkActions(`
  //- prod
  model users prod.core.users at models/users.sql
  //- models/a.sql
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
`, ['Switch defer off', 'Favor the state (--favor-state)', 'Use target prod']))
diagnostics('a leftover can be dropped or passed over', () => checkActions(`
  //- prod
  model users prod.core.users at models/users.sql as view
  //- dev
  dev_me.users
  //- models/a.sql
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
`, ['Favor the state (--favor-state)', 'Copy "drop table dev.dev_me.users"']))

diagnostics.run()
