;;; emacs.el --- Drives a real Emacs with eglot and the configuration that client/editors/emacs ships. -*- lexical-binding: t; -*-
;; Prints one line a check and ends with `N passed, N failed'; the exit status is 1 when one failed.
(require 'eglot)
(require 'xref)
(require 'flymake)
(load "/e2e/editors/emacs/dbt-defer-ls.el" nil t)

(defvar e2e-passed 0)
(defvar e2e-failed 0)

(defun e2e-check (name ok &optional detail)
  "Say whether the check NAME is OK; DETAIL is what stood there instead."
  (if ok (setq e2e-passed (1+ e2e-passed)) (setq e2e-failed (1+ e2e-failed)))
  (princ (if ok (format "ok    %s\n" name) (format "FAIL  %s  %S\n" name detail))))

(defun e2e-wait (name condition)
  "Wait until CONDITION gives something for the check NAME, and give it."
  (let ((end (+ (float-time) 30)) (found nil))
    (while (and (not (setq found (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.05))
    (e2e-check name found "waited in vain")
    found))

(defun e2e-position (text &optional within)
  "Go to TEXT in the buffer, WITHIN characters behind its beginning."
  (goto-char (point-min))
  (search-forward text)
  (goto-char (+ (match-beginning 0) (or within 0))))

(defun e2e-ask (method &rest more)
  "The answer to METHOD at point, with MORE parameters."
  (jsonrpc-request (eglot-current-server) method (append (eglot--TextDocumentPositionParams) more)))

(setq eglot-sync-connect t eglot-connect-timeout 60 eglot-autoshutdown nil)
(find-file "/e2e/demo/models/marts/customers.sql")
(sql-mode)
(e2e-check "the project is found by dbt_project.yml" (equal (expand-file-name (project-root (project-current))) "/e2e/demo/") (project-current))
(apply #'eglot (eglot--guess-contact))
(e2e-check "the server is attached" (eglot-managed-p))

(e2e-position "ref('customer_history')" 8)
(let* ((hover (e2e-wait "hover comes" (lambda () (let ((answer (e2e-ask :textDocument/hover))) (and answer (string-match-p "prod_history" (format "%S" answer)) answer)))))
       (text (eglot--hover-info (plist-get hover :contents) nil)))
  (e2e-check "hover names the production relation" (string-match-p "\"prod_history\"\\.\"customer_history\"" text) text)
  (e2e-check "hover says why" (string-match-p "does not exist" text) text))

(let ((places (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot))))
  (e2e-check "definition is the snapshot's file" (and places (string-match-p "customer_history" (xref-location-group (xref-item-location (car places))))) places))

(eglot-inlay-hints-mode 1)
(let ((labels (e2e-wait "inlay hints come"
                        (lambda ()
                          (let ((hints (append (jsonrpc-request (eglot-current-server) :textDocument/inlayHint
                                                                (list :textDocument (eglot--TextDocumentIdentifier) :range (list :start (eglot--pos-to-lsp-position (point-min)) :end (eglot--pos-to-lsp-position (point-max))))) nil)))
                            (and (= (length hints) 3) (mapconcat (lambda (hint) (format "%s" (plist-get hint :label))) hints " | ")))))))
  (e2e-check "a hint says production" (string-match-p "prod_history\\.customer_history (prod)" labels) labels))

(e2e-position "ref('stg_customers')" 9)
(let* ((capf (eglot-completion-at-point))
       (candidates (all-completions "stg" (nth 2 capf))))
  (e2e-check "completion offers models" (member "stg_customers" (mapcar #'substring-no-properties candidates)) candidates))

(flymake-mode 1)
(e2e-position "ref('stg_customers')" 8)
(insert "x")
(eglot--signal-textDocument/didChange)
(e2e-wait "a diagnostic for a model that is not there"
          (lambda () (flymake-start) (seq-some (lambda (each) (string-match-p "not found" (flymake-diagnostic-text each))) (flymake-diagnostics))))
(delete-char -1)
(eglot--signal-textDocument/didChange)
(e2e-wait "it goes when the text is mended"
          (lambda () (flymake-start) (not (seq-some (lambda (each) (string-match-p "not found" (flymake-diagnostic-text each))) (flymake-diagnostics)))))

(e2e-position "ref('customer_history')" 8)
(let ((titles (mapcar (lambda (action) (plist-get action :title))
                      (append (jsonrpc-request (eglot-current-server) :textDocument/codeAction
                                               (list :textDocument (eglot--TextDocumentIdentifier) :range (list :start (eglot--pos-to-lsp-position) :end (eglot--pos-to-lsp-position)) :context (list :diagnostics []))) nil))))
  (e2e-check "a code action favors the state" (seq-some (lambda (title) (string-match-p "[Ff]avor" title)) titles) titles))

(princ (format "%d passed, %d failed\n" e2e-passed e2e-failed))
(set-buffer-modified-p nil)
(kill-emacs (if (> e2e-failed 0) 1 0))
;;; emacs.el ends here
