# kak-lsp 18 and later. Behind `eval %sh{kak-lsp}` in your kakrc: kak-lsp's own hooks set the servers of a buffer, this adds to them.
hook -group dbt-defer-ls global BufSetOption filetype=(?:sql|yaml|markdown) %{
    set-option -add buffer lsp_servers %{
        [dbt-defer-ls]
        root_globs = ["dbt_project.yml"]
        args = ["--stdio"]
        settings_section = "dbtDefer"
        [dbt-defer-ls.settings.dbtDefer]
        # state = "state/prod"
        # defer = true
    }
}

# Answers stand in the text once a window asks for them.
hook -group dbt-defer-ls global WinSetOption filetype=(?:sql|yaml|markdown) %{
    lsp-enable-window
    lsp-inlay-hints-enable window
}
