;;; dbt-defer-ls.el --- dbt-defer-ls for eglot and lsp-mode -*- lexical-binding: t; -*-
;; eglot (Emacs 29 and later):
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((sql-mode dbt-mode yaml-mode yaml-ts-mode markdown-mode) . ("dbt-defer-ls" "--stdio"))))
;; Settings: (setq-default eglot-workspace-configuration '(:dbtDefer (:state "state/prod" :defer t)))

;; A project without version control is found by its dbt_project.yml.
(defun dbt-defer-ls-project (directory)
  "The dbt project around DIRECTORY, for `project-find-functions'."
  (when-let ((root (locate-dominating-file directory "dbt_project.yml")))
    (cons 'transient root)))
(add-hook 'project-find-functions #'dbt-defer-ls-project)

;; lsp-mode:
(with-eval-after-load 'lsp-mode
  (lsp-register-client
   (make-lsp-client
    :new-connection (lsp-stdio-connection '("dbt-defer-ls" "--stdio"))
    :activation-fn (lsp-activate-on "sql" "yaml" "markdown")
    :add-on? t
    :server-id 'dbt-defer-ls)))
;;; dbt-defer-ls.el ends here
