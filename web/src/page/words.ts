/**
 * The words that names are made of: short, friendly, and easy to say over the phone.
 * Knows nothing of how they are combined.
 */

/** 64 adjectives: six bits each. */
export const adjectives: readonly string[] = (
  "amber bold brave bright brisk calm candid clever cosy crisp curious dapper eager early easy fair fancy fond " +
  "fresh gentle glad golden grand happy hardy honest humble jolly keen kind lively lucky mellow merry mild misty " +
  "modest neat noble patient placid plain polite proud quick quiet rapid ready robin rosy sage serene sharp shy " +
  "silver sleek smart snug spry steady sunny swift tidy warm"
).split(" ")

/** 64 animals: six bits each. */
export const animals: readonly string[] = (
  "alpaca badger beaver bison bittern bunting camel cicada cougar crane cricket curlew dolphin dormouse eagle egret " +
  "falcon ferret finch fox gecko gibbon hare hawk hedgehog heron ibis jackdaw jay kestrel kiwi koala lark lemur " +
  "linnet llama lynx magpie marmot marten mole moose newt osprey otter owl panda pelican penguin petrel pika plover " +
  "puffin quail rabbit raven robin salmon seal sparrow stoat swan tapir wren"
).split(" ")
