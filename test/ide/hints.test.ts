// What stands beside the text: inlay hints, lenses, signature help.

import { suite } from 'uvu'
import { checkInlayHints, checkLenses, checkSignature } from '../support/check.ts'

const hints = suite('hints')

hints('where each call reads', () => checkInlayHints(`
  //- prod
  model users prod.core.users at models/users.sql
  model orders prod.core.orders at models/orders.sql
  //- dev
  dev_me.orders
  //- models/a.sql
  select * from {{ ref('users') }} join {{ ref('orders') }} join {{ source('till', 'x') }}
                   ^^^^^^^^^^^^ → prod.core.users (prod)
                                           ^^^^^^^^^^^^^ → dev.dev_me.orders
                                                                    ^^^^^^^^^^^^^^^^^^^ → dev.till.x
  //- models/users.sql
  select 1
  //- models/orders.sql
  select 1
  //- models/s.yml
  sources: [{name: till, tables: [{name: x}]}]
`))
hints('unknown shows both', () => checkInlayHints(`
  //- prod
  model users prod.core.users at models/users.sql
  //- models/a.sql
  select * from {{ ref('users') }}
                   ^^^^^^^^^^^^ → ? dev.dev_me.users or prod.core.users
  //- models/users.sql
  select 1
`))
hints('a loop over models', () => checkInlayHints(`
  {% for name in ['b', 'c'] %}select * from {{ ref(name) }}{% endfor %}
                                               ^^^^^^^^^ → dev.dev_me.b, → dev.dev_me.c
  //- models/b.sql
  select 1
  //- models/c.sql
  select 1
`))
hints('the argument of a test, and the relation under test where it is named', () => checkInlayHints(`
  //- prod
  model users prod.core.users at models/users.sql
  model orders prod.core.orders at models/orders.sql
  //- dev
  dev_me.orders
  //- models/orders.sql
  select 1
  //- models/users.sql
  select 1
  //- models/s.yml
  models:
    - name: orders
      columns:
        - name: user_id
          data_tests:
            - relationships: {to: ref('users'), field: id}
                                  ^^^^^^^^^^^^ → prod.core.users (prod)
            - not_null
            - relationships:
                arguments: {to: "ref('users')", field: id}
                                 ^^^^^^^^^^^^ → prod.core.users (prod)
    - name: users
      columns:
        - name: first_order
          data_tests:
            - relationships:
                arguments:
                  to: ref('orders')
                      ^^^^^^^^^^^^^ → dev.dev_me.orders
                  field: id
`))
hints('modified and what is read', () => checkLenses(`
  //- prod
  model users prod.core.users at models/users.sql
  model a prod.core.a at models/a.sql as view
  //- dev
  dev_me.x
  //- models/a.sql
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
`, ['modified (.body)', 'reads 1 prod', 'copy compiled', 'copy relation']))
hints('new', () => checkLenses(`
  //- prod
  model users prod.core.users at models/users.sql as view
  //- models/a.sql
  select 1$0
  //- models/users.sql
  select 1
`, ['new: not in the state', 'copy compiled', 'copy relation']))

const CENTS = `
//- macros/cents.sql
{% macro cents(column, digits=2) %}{% endmacro %}`
hints('the first argument of a macro', () => checkSignature(`select {{ cents($0) }}${CENTS}`, 'cents(«column», digits=2)'))
hints('before a call in its brackets', () => checkSignature(`select {{ cents($0cents('a')) }}${CENTS}`, 'cents(«column», digits=2)'))
hints('in the text of a hook', () => checkSignature(`{{ config(post_hook=["select {{ cents('a', $0) }}"]) }} select 1${CENTS}`, 'cents(column, «digits=2»)'))
hints('the second, while open', () => checkSignature(`select {{ cents('a', $0${CENTS}`, 'cents(column, «digits=2»)'))
hints('by name', () => checkSignature(`select {{ cents(digits=$0) }}${CENTS}`, 'cents(column, «digits=2»)'))
hints('of ref', () => checkSignature("select {{ ref('a', $0) }}", 'ref(package_or_name, «name=none», version=none)'))
hints('none outside', () => checkSignature(`select {{ cents('a') $0 }}${CENTS}`, ''))

hints.run()
