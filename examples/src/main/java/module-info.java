import org.jspecify.annotations.NullMarked;

/// The command line: training jobs and the list of devices.
@NullMarked
module dev.proteus.examples {
  requires dev.proteus.core;
  requires dev.proteus.backend.cpu;
  requires info.picocli;
  requires java.logging;
  requires me.tongfei.progressbar;
  requires xchart;

  opens dev.proteus.examples to
      info.picocli;
}
