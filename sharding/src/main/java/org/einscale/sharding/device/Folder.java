package org.einscale.sharding.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folders of files that are not needed for long. */
final class Folder {
    private static final Logger LOG = LoggerFactory.getLogger(Folder.class);

    private Folder() {
    }

    /** Deletes a folder and all in it, as far as that can be. */
    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.debug("{} is left", folder, e);
        }
    }
}
