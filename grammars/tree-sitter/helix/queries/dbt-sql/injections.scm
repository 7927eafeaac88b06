; SQL between the Jinja tags; Helix's own jinja language injects HTML there.
; Helix's jinja2 grammar has no node for that text: it is what its children leave.
((source_file) @injection.content
  (#set! injection.language "sql")
  (#set! injection.combined))
