// SPDX-License-Identifier: Apache-2.0

import Linux

/// Whether this process may create maps, which is most of what tests of a real kernel need.
let mayUseBPF: Bool =
    (try? BPFSystemCall.createMap(MapCreation(kind: 2, keySize: 4, valueSize: 4, maxEntries: 1))) != nil

let mayAdministerNetwork: Bool =
    (try? Capabilities.effective().isSuperset(of: [.networkAdministration, .systemAdministration])) ?? false
