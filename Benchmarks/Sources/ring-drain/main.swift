// SPDX-License-Identifier: Apache-2.0

import BPF
import Glibc
import Linux

// Our half of Peers/ring-drain.c: drains the ring buffer of the map with the id that is given.
guard CommandLine.arguments.count == 2, let id = UInt32(CommandLine.arguments[1]) else { exit(2) }
let map = try BPFSystemCall.open(.map, id: id)
var ring = try RingBuffer(mapDescriptor: map.rawValue)
var sum = 0
let start = Clock.monotonic()
let records = ring.drain { record in
    sum &+= Int(record.unsafeLoad(as: UInt8.self)) &+ record.byteCount
}
let end = Clock.monotonic()
guard records > 0, sum > 0 else { exit(1) }
print(records, end - start)
