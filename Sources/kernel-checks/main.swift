// SPDX-License-Identifier: Apache-2.0

import KernelChecks

CheckProgram.run()
