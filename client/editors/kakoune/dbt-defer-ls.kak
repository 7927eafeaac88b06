# kak-lsp 18 and later.
hook -group dbt-defer-ls global BufSetOption filetype=(?:sql|yaml|markdown) %{
    set-option -add buffer lsp_servers %{
        [dbt-defer-ls]
        root_globs = ["dbt_project.yml"]
        args = ["--stdio"]
        settings_section = "dbtDefer"
    }
}
