/* KIND: 1 where classes have weights, and 2 where labels are smoothed. */
#define WEIGHTED (KIND % 2)
#define SMOOTHED (KIND / 2 % 2)
#if WEIGHTED
#define WEIGHT_OF(class_) LOAD(class_weights, class_)
#else
#define WEIGHT_OF(class_) 1
#endif
/* What a target counts; the class may be none where it is ignored. */
#define COUNT_OF(class_, ignored) ((class_) == (ignored) ? (VALUE) 0 : (VALUE) WEIGHT_OF(class_))
