package dev.proteus.tck;

import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// One test of one sample on one device.
///
/// @param name the sample's name and what is tried, between dots
/// @param body the test itself
record Trial(String name, Body body) {
  private static final String SEPARATOR = " · ";

  /// A test that fails by throwing.
  @FunctionalInterface
  interface Body {
    void run();
  }

  /// The parts of the name.
  Set<String> parts() {
    return Set.of(name.split(SEPARATOR));
  }

  boolean passes() {
    try {
      body.run();
      return true;
    } catch (RuntimeException | AssertionError e) {
      return false;
    }
  }

  private static Trial of(Body body, Object... parts) {
    return new Trial(String.join(SEPARATOR, Stream.of(parts).map(Object::toString).toList()), body);
  }

  /// All trials of a sample.
  static Stream<Trial> all(Device device, Sample sample) {
    return Stream.of(
            values(device, sample),
            mixedTypes(device, sample),
            specialValues(device, sample),
            gradients(device, sample),
            inPlace(device, sample),
            rejections(device, sample))
        .flatMap(trials -> trials);
  }

  /// The sample in each type, in each arrangement.
  private static Stream<Trial> values(Device device, Sample sample) {
    List<Trial> trials = new ArrayList<>();
    for (DType dtype : types(sample)) {
      for (Arrangement arrangement : arrangements(sample)) {
        Case first = sample.cases().getFirst();
        trials.add(
            of(
                () ->
                    new ValueTrial(device, sample, Inputs.of(sample, first, dtype, arrangement))
                        .run(),
                sample,
                dtype,
                arrangement));
      }
      for (Case other : sample.cases().subList(1, sample.cases().size())) {
        trials.add(
            of(
                () ->
                    new ValueTrial(
                            device, sample, Inputs.of(sample, other, dtype, Arrangement.CONTIGUOUS))
                        .run(),
                sample,
                dtype,
                other));
      }
    }
    return trials.stream();
  }

  private static List<DType> types(Sample sample) {
    return sample.dtypes().stream().sorted().toList();
  }

  private static List<Arrangement> arrangements(Sample sample) {
    return Stream.of(Arrangement.values())
        .filter(a -> a.isDistinct(sample.cases().getFirst().shapes()))
        .toList();
  }

  /// The sample with operands of different types.
  private static Stream<Trial> mixedTypes(Device device, Sample sample) {
    if (!sample.is(Trait.PROMOTES)) {
      return Stream.of();
    }
    List<DType> types = types(sample);
    int distance = 3;
    return Stream.iterate(0, i -> i < types.size(), i -> i + 1)
        .map(i -> {
          DType one = types.get(i);
          DType other = types.get((i + distance) % types.size());
          Inputs inputs = Inputs.ofTypes(sample, one, other);
          return of(
              () -> new ValueTrial(device, sample, inputs).run(), sample, one + " with " + other);
        });
  }

  private static Stream<Trial> specialValues(Device device, Sample sample) {
    if (!sample.is(Trait.SPECIAL_VALUES)) {
      return Stream.of();
    }
    return types(sample).stream()
        .filter(dtype -> dtype != DType.BOOL)
        .map(dtype ->
            of(() -> SpecialValues.check(device, sample, dtype), sample, dtype, "special values"));
  }

  private static Stream<Trial> gradients(Device device, Sample sample) {
    List<Trial> trials = new ArrayList<>();
    if (sample.hasGradient(DType.FLOAT64) && !sample.is(Trait.ROUNDS)) {
      for (Case shapes : sample.cases().stream().filter(Case::isSmall).toList()) {
        trials.add(
            of(() -> new Gradients(device, sample, shapes).first(), sample, "gradient", shapes));
        if (!sample.is(Trait.ONCE_DIFFERENTIABLE)) {
          trials.add(
              of(
                  () -> new Gradients(device, sample, shapes).second(),
                  sample,
                  "second gradient",
                  shapes));
        }
      }
    }
    return trials.stream();
  }

  /// The calls in place that the sample allows, in each type and arrangement.
  private static Stream<Trial> inPlace(Device device, Sample sample) {
    List<Trial> trials = new ArrayList<>();
    for (DType dtype : types(sample)) {
      if (InPlaceTrial.isPossible(sample, dtype)) {
        for (Arrangement arrangement : arrangements(sample)) {
          trials.add(
              of(
                  () -> InPlaceTrial.run(device, sample, dtype, arrangement),
                  sample,
                  "in place",
                  dtype,
                  arrangement));
        }
      }
    }
    return trials.stream();
  }

  /// The calls that must fail: those declared, and those with types the operator has no meaning
  /// for.
  private static Stream<Trial> rejections(Device device, Sample sample) {
    List<Trial> trials = new ArrayList<>();
    for (Rejection rejection : sample.rejections()) {
      DType dtype = types(sample).getFirst();
      trials.add(of(() -> rejection.check(device, sample, dtype), sample, "rejects", rejection));
    }
    for (DType dtype : Sample.ALL) {
      if (sample.refuses(dtype)) {
        trials.add(
            of(
                () -> Rejection.ofType(sample).check(device, sample, dtype),
                sample,
                "rejects",
                dtype));
      }
    }
    return trials.stream();
  }

  @Override
  public String toString() {
    return name;
  }
}
