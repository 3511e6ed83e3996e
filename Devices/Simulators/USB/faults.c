// SPDX-License-Identifier: Apache-2.0

#include "simulator.h"

#include <string.h>

static const char *const names[FAULT_KINDS] = {
    [FAULT_SHORT] = "short",         [FAULT_SILENCE] = "silence",
    [FAULT_STALL] = "stall",         [FAULT_LINE] = "line",
    [FAULT_SHUTDOWN] = "shutdown",   [FAULT_GONE] = "gone",
    [FAULT_BABBLE] = "babble",       [FAULT_EMPTY] = "empty",
    [FAULT_SPLIT] = "split",         [FAULT_GARBAGE] = "garbage",
    [FAULT_REMOVE] = "remove",       [FAULT_OUT_STALL] = "outstall",
    [FAULT_OUT_SILENCE] = "outsilence", [FAULT_SUBMIT] = "submit",
    [FAULT_BUSY] = "busy",           [FAULT_RESET_GONE] = "resetgone",
};

// -1: no such fault.
int fault_kind(const char *name) {
  for (int kind = 0; kind < FAULT_KINDS; kind++) {
    if (strcmp(names[kind], name) == 0) return kind;
  }
  return -1;
}

// Several wait in their order.
bool add_fault(Device *device, FaultKind kind, int times, int request) {
  if (device->fault_count == MOST_FAULTS || times < 1) return false;
  device->faults[device->fault_count++] = (Fault){kind, times, request};
  return true;
}

static void used(Device *device, int index) {
  if (--device->faults[index].times > 0) return;
  device->fault_count--;
  memmove(&device->faults[index], &device->faults[index + 1],
          (size_t)(device->fault_count - index) * sizeof(Fault));
}

// Whether the next thing of this kind goes wrong; counts it.
bool has_fault(Device *device, FaultKind kind) {
  for (int index = 0; index < device->fault_count; index++) {
    if (device->faults[index].kind != kind) continue;
    used(device, index);
    return true;
  }
  return false;
}

// What happens to the answer that is ready; -1: nothing. Counts it.
int answer_fault(Device *device) {
  for (int index = 0; index < device->fault_count; index++) {
    Fault fault = device->faults[index];
    if (fault.kind > FAULT_REMOVE) continue;
    if (fault.request >= 0 && fault.request != device->asked) continue;
    used(device, index);
    return (int)fault.kind;
  }
  return -1;
}
