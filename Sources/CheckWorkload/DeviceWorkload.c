/* SPDX-License-Identifier: Apache-2.0 */

#define _GNU_SOURCE
#include "CheckWorkload.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/uhid.h>
#include <string.h>
#include <unistd.h>

/* A device of a vendor's own kind that reports one byte. */
static const unsigned char description[] = {
    0x06, 0x00, 0xff, /* usage page: of the vendor */
    0x09, 0x01,       /* usage 1 */
    0xa1, 0x01,       /* collection: application */
    0x09, 0x02,       /* usage 2 */
    0x15, 0x00,       /* from 0 */
    0x26, 0xff, 0x00, /* to 255 */
    0x75, 0x08,       /* 8 bits */
    0x95, 0x01,       /* once */
    0x81, 0x02,       /* input */
    0xc0,             /* end */
};

long skep_workload_make_device(uint32_t vendor, uint32_t product)
{
    struct uhid_event event = {.type = UHID_CREATE2};
    int device = open("/dev/uhid", O_RDWR | O_CLOEXEC);
    long answer;

    if (device < 0)
        return -errno;
    strcpy((char *)event.u.create2.name, "skep check");
    event.u.create2.rd_size = sizeof(description);
    event.u.create2.bus = 3; /* BUS_USB */
    event.u.create2.vendor = vendor;
    event.u.create2.product = product;
    memcpy(event.u.create2.rd_data, description, sizeof(description));
    if (write(device, &event, sizeof(event)) == sizeof(event))
        return device;
    answer = -errno;
    close(device);
    return answer;
}

long skep_workload_report(int device, int count)
{
    struct uhid_event event = {.type = UHID_INPUT2, .u.input2 = {.size = 1}};

    for (int index = 0; index < count; index++) {
        event.u.input2.data[0] = index;
        if (write(device, &event, sizeof(event)) != sizeof(event))
            return -errno;
    }
    return 0;
}
