/* Channels brought to mean 0 and variance 1 over a batch, then weighed. KIND says how many of weight
   and bias there are. Words: images, channels, elements of a channel of one image, eps. */
KERNEL batch_norm(
    GLOBAL const ELEMENT* RESTRICT x,
    GLOBAL const ELEMENT* RESTRICT weight,
    GLOBAL const ELEMENT* RESTRICT bias,
    GLOBAL ELEMENT* RESTRICT y,
    GLOBAL VALUE* RESTRICT means,
    GLOBAL VALUE* RESTRICT variances,
    GLOBAL i32* errors,
    words a) {
  TEAM_MEMORY(VALUE)
  const idx images = a.v[0];
  const idx channels = a.v[1];
  const idx size = a.v[2];
  GLOBAL const ELEMENT* RESTRICT from = x + START(0);
  GLOBAL ELEMENT* RESTRICT to = y + START(3);
  CHANNEL_LANES
  FOR_TEAMS(channel, channels)
    const VALUE share = 1 / (VALUE) (images * size);
    SUM_OF_CHANNEL(sum, LOAD(from, HERE))
    const VALUE mean = sum * share;
    SUM_OF_CHANNEL(squares, square(LOAD(from, HERE) - mean))
    const VALUE variance = squares * share;
    VALUE factor = 1 / sqrt(variance + CONSTANT(a.v[3]));
    VALUE shift = 0;
#if KIND > 0
    factor *= LOAD(weight, START(1) + channel);
#endif
#if KIND > 1
    shift = LOAD(bias, START(2) + channel);
#endif
    FOR_CHANNEL
      STORE(to, HERE, ((LOAD(from, HERE) - mean) * factor + shift))
    END_CHANNEL
    if (IS_FIRST_OF_TEAM) {
      means[START(4) + channel] = mean;
      variances[START(5) + channel] = variance;
    }
  END
}
