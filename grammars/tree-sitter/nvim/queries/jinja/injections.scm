; extends
; SQL between the Jinja tags of a buffer parsed with the `jinja` grammar (cathaysia/tree-sitter-jinja).
; Use with: vim.treesitter.language.register('jinja', { 'sql.jinja', 'dbt' })
((content) @injection.content
  (#set! injection.language "sql")
  (#set! injection.combined))
