;; The inner loop of the manifest scanner: JSON bytes in, the wanted fields of the wanted entries out. Driven by scan.ts, which says what the memory holds;
;; `node .ci/scan-program.mjs` makes scan-program.ts of it.
;; WebAssembly, because a state is read once, in a young thread: JavaScript would pass through most manifests before it is compiled.
;; Knows JSON's shape and the manifest's top levels, {section: {id: entry}}, an entry being {field: value} or [{field: value}, …]. Allocates nothing, calls nothing.
;;
;;   0x00000  class of each byte        0x00100  open brackets      0x00800  wanted keys: 256 slots of (text, length, bits of sections, -)
;;   0x10000  input                     0x20000  output             0x34000  ids, each ended by NUL
;;   0x48000  events: (section, where in the output its entry ends)
(module
  (memory (export "memory") 6)
  ;; Where the next byte is read.
  (global $at (export "at") (mut i32) (i32.const 0x10000))
  (global $depth (export "depth") (mut i32) (i32.const 0))
  (global $closed (export "closed") (mut i32) (i32.const 0))
  (global $inString (export "inString") (mut i32) (i32.const 0))
  ;; The last byte of the piece before was an open backslash.
  (global $escaped (mut i32) (i32.const 0))
  (global $expectKey (mut i32) (i32.const 0))
  ;; The number of the wanted section that we are in, -1 in any other; and of the one that is kept as it stands (metadata).
  (global $section (export "section") (mut i32) (i32.const -1))
  (global $whole (export "whole") (mut i32) (i32.const -1))
  (global $hasId (mut i32) (i32.const 0))
  ;; At which depth the fields of the present entry stand: 0 no entry, 3 of {…}, 4 of [{…}], 1000 of what is kept as it stands.
  (global $fields (mut i32) (i32.const 0))
  ;; Where in the input that begins which is being kept; 0: nothing is.
  (global $keeping (mut i32) (i32.const 0))
  (global $firstField (mut i32) (i32.const 0))
  (global $firstItem (mut i32) (i32.const 0))
  (global $keyFrom (export "keyFrom") (mut i32) (i32.const 0))
  (global $keyTo (export "keyTo") (mut i32) (i32.const 0))
  (global $out (export "out") (mut i32) (i32.const 0x20000))
  ;; Where the ids of finished entries end, and the one that is not finished.
  (global $ids (export "ids") (mut i32) (i32.const 0x34000))
  (global $idsPending (mut i32) (i32.const 0x34000))
  (global $events (export "events") (mut i32) (i32.const 0x48000))

  ;; Call when output, ids and events have been taken.
  (func (export "taken")
    (memory.copy (i32.const 0x34000) (global.get $ids) (i32.sub (global.get $idsPending) (global.get $ids)))
    (global.set $idsPending (i32.add (i32.const 0x34000) (i32.sub (global.get $idsPending) (global.get $ids))))
    (global.set $ids (i32.const 0x34000))
    (global.set $out (i32.const 0x20000))
    (global.set $events (i32.const 0x48000)))

  (func $put (param $byte i32)
    (i32.store8 (global.get $out) (local.get $byte))
    (global.set $out (i32.add (global.get $out) (i32.const 1))))

  ;; Keeps what of the present field stands before $to.
  (func $keepTo (param $to i32)
    (local $length i32)
    (if (i32.eqz (global.get $keeping)) (then (return)))
    (local.set $length (i32.sub (local.get $to) (global.get $keeping)))
    (memory.copy (global.get $out) (global.get $keeping) (local.get $length))
    (global.set $out (i32.add (global.get $out) (local.get $length)))
    (global.set $keeping (i32.const 0)))

  (func $entryEnds
    (i32.store (global.get $events) (global.get $section))
    (i32.store offset=4 (global.get $events) (global.get $out))
    (global.set $events (i32.add (global.get $events) (i32.const 8)))
    (global.set $ids (global.get $idsPending))
    (global.set $fields (i32.const 0)))

  ;; Whether the section wants the field whose name is $from … $to.
  (func $wanted (param $from i32) (param $to i32) (result i32)
    (local $hash i32) (local $at i32) (local $slot i32) (local $name i32) (local $length i32)
    (local.set $length (i32.sub (local.get $to) (local.get $from)))
    (local.set $hash (local.get $length))
    (local.set $at (local.get $from))
    (loop $each
      (if (i32.lt_u (local.get $at) (local.get $to)) (then
        (local.set $hash (i32.add (i32.mul (local.get $hash) (i32.const 31)) (i32.load8_u (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $each))))
    (loop $probe
      (local.set $slot (i32.add (i32.const 0x800) (i32.shl (i32.and (local.get $hash) (i32.const 255)) (i32.const 4))))
      (local.set $name (i32.load (local.get $slot)))
      (if (i32.eqz (local.get $name)) (then (return (i32.const 0))))
      (local.set $hash (i32.add (local.get $hash) (i32.const 1)))
      (br_if $probe (i32.ne (i32.load offset=4 (local.get $slot)) (local.get $length)))
      (local.set $at (i32.const 0))
      (loop $each
        (if (i32.lt_u (local.get $at) (local.get $length)) (then
          (br_if $probe (i32.ne (i32.load8_u (i32.add (local.get $name) (local.get $at))) (i32.load8_u (i32.add (local.get $from) (local.get $at)))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $each)))))
    (i32.and (i32.shr_u (i32.load offset=8 (local.get $slot)) (global.get $section)) (i32.const 1)))

  ;; From inside a string to behind its closing quote; 0 when it goes on behind $end, 1 when it holds a control character.
  (func $skipString (param $at i32) (param $end i32) (result i32)
    (local $bytes v128) (local $stops i32) (local $c i32)
    (global.set $escaped (i32.const 0))
    (loop $each
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const 0))))
      (local.set $bytes (v128.load (local.get $at)))
      (local.set $stops (i8x16.bitmask (v128.or (i8x16.lt_u (local.get $bytes) (i8x16.splat (i32.const 0x20))) (v128.or
        (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x22)))
        (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5c)))))))
      (if (i32.eqz (local.get $stops)) (then
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $each)))
      (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $stops))))
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const 0))))
      (local.set $c (i32.load8_u (local.get $at)))
      (if (i32.eq (local.get $c) (i32.const 0x22)) (then (return (i32.add (local.get $at) (i32.const 1)))))
      (if (i32.ne (local.get $c) (i32.const 0x5c)) (then (return (i32.const 1))))
      (local.set $at (i32.add (local.get $at) (i32.const 2)))
      (br_if $each (i32.le_u (local.get $at) (local.get $end))))
    (global.set $escaped (i32.const 1))
    (i32.const 0))

  ;; Reads up to $end. 0: all but a key that may go on ($at); 1: a section's name, keyFrom … keyTo, then set $section and call again; -1: no JSON.
  (func (export "scan") (param $end i32) (result i32)
    (local $at i32) (local $c i32) (local $next i32) (local $depth i32)
    (local.set $at (global.get $at))
    (local.set $depth (global.get $depth))
    (block $over (loop $each
      (br_if $over (i32.ge_u (local.get $at) (local.get $end)))
      (if (global.get $inString) (then
        (local.set $next (call $skipString (i32.add (local.get $at) (global.get $escaped)) (local.get $end)))
        (if (i32.eq (local.get $next) (i32.const 1)) (then (return (i32.const -1))))
        (if (i32.eqz (local.get $next)) (then (local.set $at (local.get $end)) (br $over)))
        (global.set $inString (i32.const 0))
        (local.set $at (local.get $next))
        (br $each)))
      (local.set $c (i32.load8_u (local.get $at)))
      (block $blank (block $other (block $quote (block $open (block $close (block $comma (block $colon (block $illegal
        (br_table $illegal $blank $other $quote $open $close $comma $colon $illegal (i32.load8_u (local.get $c))))
        ;; illegal
        (return (i32.const -1)))
        ;; colon
        (global.set $expectKey (i32.const 0))
        (br $other))
        ;; comma
        (if (i32.eqz (local.get $depth)) (then (return (i32.const -1))))
        (global.set $expectKey (i32.eq (i32.load8_u offset=0xff (local.get $depth)) (i32.const 0x7b)))
        (if (i32.eq (local.get $depth) (global.get $fields)) (then (call $keepTo (local.get $at))))
        (if (i32.eq (local.get $depth) (i32.const 1)) (then (global.set $section (i32.const -1))))
        (if (i32.eq (local.get $depth) (i32.const 2)) (then (global.set $hasId (i32.const 0))))
        (br $blank))
        ;; close
        (if (i32.eqz (local.get $depth)) (then (return (i32.const -1))))
        (if (i32.ne (i32.load8_u offset=0xff (local.get $depth)) (i32.sub (local.get $c) (i32.const 2))) (then (return (i32.const -1))))
        (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
        (global.set $expectKey (i32.const 0))
        (if (i32.eq (global.get $fields) (i32.const 3)) (then
          (if (i32.eq (local.get $depth) (i32.const 2)) (then (call $keepTo (local.get $at)) (call $put (local.get $c)) (call $entryEnds)))))
        (if (i32.eq (global.get $fields) (i32.const 4)) (then
          (if (i32.and (i32.eq (local.get $depth) (i32.const 3)) (i32.eq (local.get $c) (i32.const 0x7d))) (then (call $keepTo (local.get $at)) (call $put (local.get $c))))
          (if (i32.eq (local.get $depth) (i32.const 2)) (then (call $put (local.get $c)) (call $entryEnds)))))
        (if (i32.and (i32.eq (global.get $fields) (i32.const 1000)) (i32.eq (local.get $depth) (i32.const 1))) (then
          (call $keepTo (i32.add (local.get $at) (i32.const 1)))
          (call $entryEnds)))
        (if (i32.eq (local.get $depth) (i32.const 1)) (then (global.set $hasId (i32.const 0))))
        (if (i32.eqz (local.get $depth)) (then (global.set $closed (i32.const 1))))
        (br $blank))
        ;; open
        (if (i32.or (global.get $closed) (i32.ge_u (local.get $depth) (i32.const 990))) (then (return (i32.const -1))))
        (if (i32.and (i32.eqz (local.get $depth)) (i32.ne (local.get $c) (i32.const 0x7b))) (then (return (i32.const -1))))
        (if (i32.eqz (global.get $fields))
          (then
            (if (i32.and (i32.eq (local.get $depth) (i32.const 2)) (global.get $hasId)) (then
              (call $put (local.get $c))
              (global.set $firstField (i32.const 1))
              (global.set $firstItem (i32.const 1))
              (global.set $fields (select (i32.const 3) (i32.const 4) (i32.eq (local.get $c) (i32.const 0x7b))))))
            (if (i32.and (i32.eq (local.get $depth) (i32.const 1)) (i32.and (i32.ge_s (global.get $section) (i32.const 0)) (i32.eq (global.get $section) (global.get $whole)))) (then
              (global.set $keeping (local.get $at))
              (global.set $fields (i32.const 1000)))))
          (else
            (if (i32.and (i32.eq (global.get $fields) (i32.const 4)) (i32.and (i32.eq (local.get $depth) (i32.const 3)) (i32.eq (local.get $c) (i32.const 0x7b)))) (then
              (if (i32.eqz (global.get $firstItem)) (then (call $put (i32.const 0x2c))))
              (call $put (local.get $c))
              (global.set $firstItem (i32.const 0))
              (global.set $firstField (i32.const 1))))))
        (i32.store8 offset=0x100 (local.get $depth) (local.get $c))
        (local.set $depth (i32.add (local.get $depth) (i32.const 1)))
        (global.set $expectKey (i32.eq (local.get $c) (i32.const 0x7b)))
        (br $blank))
        ;; quote
        (if (i32.eqz (local.get $depth)) (then (return (i32.const -1))))
        (local.set $next (call $skipString (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
        (if (i32.eq (local.get $next) (i32.const 1)) (then (return (i32.const -1))))
        (if (i32.and (global.get $expectKey) (i32.or (i32.le_u (local.get $depth) (i32.const 2)) (i32.eq (local.get $depth) (global.get $fields)))) (then
          (if (i32.eq (local.get $depth) (i32.const 2)) (then (global.set $hasId (i32.const 0))))
          ;; Longer keys are those of no manifest: they are stepped over as texts are.
          (if (i32.le_u (i32.sub (select (local.get $next) (local.get $end) (local.get $next)) (local.get $at)) (i32.const 4096)) (then
            (br_if $over (i32.eqz (local.get $next)))
            (global.set $expectKey (i32.const 0))
            (if (i32.eq (local.get $depth) (i32.const 1)) (then
              (global.set $keyFrom (local.get $at))
              (global.set $keyTo (local.get $next))
              (global.set $idsPending (global.get $ids))
              (global.set $at (local.get $next))
              (global.set $depth (local.get $depth))
              (return (i32.const 1))))
            (if (i32.eq (local.get $depth) (i32.const 2))
              (then
                (if (i32.and (i32.ge_s (global.get $section) (i32.const 0)) (i32.ne (global.get $section) (global.get $whole))) (then
                  (local.set $c (i32.sub (i32.sub (local.get $next) (local.get $at)) (i32.const 2)))
                  (memory.copy (global.get $ids) (i32.add (local.get $at) (i32.const 1)) (local.get $c))
                  (global.set $idsPending (i32.add (global.get $ids) (i32.add (local.get $c) (i32.const 1))))
                  (i32.store8 (i32.sub (global.get $idsPending) (i32.const 1)) (i32.const 0))
                  (global.set $hasId (i32.const 1)))))
              (else
                (if (call $wanted (i32.add (local.get $at) (i32.const 1)) (i32.sub (local.get $next) (i32.const 1))) (then
                  (if (i32.eqz (global.get $firstField)) (then (call $put (i32.const 0x2c))))
                  (global.set $firstField (i32.const 0))
                  (global.set $keeping (local.get $at))))))))))
        (global.set $expectKey (i32.const 0))
        (if (i32.eqz (local.get $next)) (then
          (global.set $inString (i32.const 1))
          (local.set $at (local.get $end))
          (br $over)))
        (local.set $at (local.get $next))
        (br $each))
        ;; other, colon
        (if (i32.eqz (local.get $depth)) (then (return (i32.const -1)))))
      ;; blank, and behind all single bytes
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $each)))
    (if (global.get $keeping) (then
      (call $keepTo (local.get $at))
      (global.set $keeping (i32.const 0x10000))))
    (global.set $at (local.get $at))
    (global.set $depth (local.get $depth))
    (i32.const 0)))
