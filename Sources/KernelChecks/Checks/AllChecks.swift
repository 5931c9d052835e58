// SPDX-License-Identifier: Apache-2.0

extension KernelCheck {
    /// Every check, in the order they run.
    public static let all: [KernelCheck] = [
        machineChecks,
        featureChecks,
        systemCallChecks,
        tracingChecks,
        tracingHookChecks,
        sectionChecks,
        networkChecks,
        cgroupHookChecks,
        interfaceHookChecks,
        networkStackChecks,
        linkChecks,
        xdpSocketChecks,
        mapChecks,
        mapKindChecks,
        storageChecks,
        redirectChecks,
        jumpChecks,
        mapFeatureChecks,
        iterationChecks,
        loadingChecks,
        testRunChecks,
        serviceChecks,
        structOpsChecks,
        oldKernelChecks,
        programRightsChecks,
        remainsChecks,
        linkingChecks,
        hiddenTypesChecks,
    ].flatMap(\.self)
}
