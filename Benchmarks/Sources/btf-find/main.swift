// SPDX-License-Identifier: Apache-2.0

import BTF
import CSupport
import Glibc
import Linux

// Our half of Peers/btf-find.c: the same question to the same types, in a process of its own.
let before = heap_bytes()
let start = Clock.monotonic()
let table = try BTFTable(try Files.map("/sys/kernel/btf/vmlinux"))
let id = table.firstID(named: "task_struct", kind: .structure)
let end = Clock.monotonic()
guard id != nil else { exit(1) }
print(end - start, heap_bytes() - before)
