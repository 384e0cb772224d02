package io.rtaa.bench;

/**
 * What calls take of memory: read twice after all garbage was collected, without calls but after the same load, and
 * with them.
 *
 * @param calls how many
 * @param residentBeforeKib resident memory without calls
 * @param residentWithKib and with them
 * @param heapBeforeBytes live heap without calls
 * @param heapWithBytes and with them
 */
record MemoryUse(int calls, long residentBeforeKib, long residentWithKib, long heapBeforeBytes, long heapWithBytes) {

    /** Resident memory a call takes, kibibytes; below zero where the heap shrank under the load. */
    double residentKibPerCall() {
        return (double) (residentWithKib - residentBeforeKib) / calls;
    }

    /** Live heap a call takes, kibibytes. */
    double heapKibPerCall() {
        return (heapWithBytes - heapBeforeBytes) / 1024.0 / calls;
    }
}
