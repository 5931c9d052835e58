// SPDX-License-Identifier: Apache-2.0

extension KernelCheck {
    /// Every check, in the order they run.
    public static let all: [KernelCheck] = [
        machineChecks,
        systemCallChecks,
        tracingChecks,
        networkChecks,
        mapChecks,
        loadingChecks,
        serviceChecks,
        structOpsChecks,
        oldKernelChecks,
        programRightsChecks,
        remainsChecks,
        linkingChecks,
    ].flatMap(\.self)
}
