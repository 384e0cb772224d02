package io.rtaa.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The receipts of several messages that are settled together, flattened. */
record JointReceipt(List<AudioReceipt> parts) implements AudioReceipt {

    JointReceipt(List<AudioReceipt> parts) {
        this.parts = parts.stream().flatMap(part -> part.parts().stream()).toList();
    }

    @Override
    public void settle() {
        parts.forEach(AudioReceipt::settle);
    }

    @Override
    public @Nullable AudioOrigin origin() {
        return parts.isEmpty() ? null : parts.get(0).origin();
    }
}
