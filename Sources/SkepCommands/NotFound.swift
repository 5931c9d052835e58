// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// A type that was asked for and does not exist.
struct NotFound: DiagnosticError {
    let name: String
    var message: String { "there is no type \(name)" }
    var hint: String? { "names are exact; `skep btf dump | grep -i NAME` searches" }
}
