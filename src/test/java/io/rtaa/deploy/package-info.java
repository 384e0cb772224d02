/** What the files of {@code deploy}, of compose, Render and the image name is what the project has. */
@NullMarked
package io.rtaa.deploy;

import org.jspecify.annotations.NullMarked;
