; SQL between the Jinja tags; Helix's own jinja language injects HTML there.
; Use with a [[language]] named "dbt-sql" whose grammar is "jinja2".
((content) @injection.content
  (#set! injection.language "sql")
  (#set! injection.combined))
