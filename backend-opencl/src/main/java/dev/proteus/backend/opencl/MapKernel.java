package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.backend.opencl.OpenClDriver.Entry;
import dev.proteus.codegen.IndexType;
import dev.proteus.codegen.MapSource;
import dev.proteus.codegen.Reading;
import dev.proteus.expr.ExprKey;
import dev.proteus.expr.Listing;
import dev.proteus.op.Map;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import java.util.List;

/// Runs an expression for every element.
final class MapKernel implements Kernel {
  private final Map op;
  private final Listing listing;
  private final Reading reading;
  private final Programs programs;

  MapKernel(Map op, Programs programs) {
    this.op = op;
    this.listing = Listing.of(op.expr());
    this.reading = Reading.of(listing.key());
    this.programs = programs;
  }

  @Override
  public void run(List<Operand> inputs, List<Operand> outputs) {
    Operand out = outputs.getFirst();
    if (out.layout().numel() == 0) {
      return;
    }
    Launch launch = new Launch(reading, inputs, out);
    Space space = Space.of(out.shape(), launch.strides(), Space.order(out.layout()));
    MapSource source =
        new MapSource(
            listing.key(),
            space.sizes().length,
            Words.paces(space, launch.starts().length),
            IndexType.of(Words.reach(space, launch.starts())));
    ExprKey key = listing.key();
    if (programs.steps().takes(source, key, reading, source.rank(), space.numel())) {
      long[] words = Steps.map(listing, space, launch.starts(), out.dtype());
      long work = space.numel() * listing.steps().size();
      programs
          .steps()
          .with(key, reading, launch.buffers(), all -> run(programs.stepping(), all, words, work));
    } else {
      Words words = new Words().add(space, launch.starts()).add(Words.constants(listing));
      run(
          programs.entry(source, s -> s.named("map")),
          launch.buffers(),
          words.toArray(),
          space.numel());
    }
  }

  private void run(Entry entry, List<Buffer> buffers, long[] words, long n) {
    if (op.mayFail()) {
      KernelErrors.check(listing.key(), programs.launchChecked(entry, buffers, words, n));
    } else {
      programs.launch(entry, buffers, words, n);
    }
  }
}
