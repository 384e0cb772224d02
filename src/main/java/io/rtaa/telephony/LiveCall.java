package io.rtaa.telephony;

import io.rtaa.call.CallInfo;

/**
 * A call that is live in this process.
 *
 * @param connectionKey names its connection among all of this process
 * @param info what is known of it
 * @param audioMillis how much audio came of it
 */
record LiveCall(String connectionKey, CallInfo info, long audioMillis) {}
